from django.urls import path

from spartito.web.comparison import costs, views

urlpatterns = [
    path("comparisons/", views.begin, name="comparison_new"),
    path("comparisons/<int:comparison>/", views.comparison, name="comparison"),
    path("comparisons/<int:comparison>/cancel/", views.cancel, name="comparison_cancel"),
    path("message-costs/", costs.costs, name="message_costs"),
    path("message-costs/<slug:channel>/", costs.change, name="message_cost"),
]
