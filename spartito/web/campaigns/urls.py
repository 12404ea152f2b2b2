from django.urls import path

from spartito.web.campaigns import education, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("education/", education.education, name="education"),
    path("campaigns/new/", views.new, name="campaign_new"),
    path("campaigns/<slug:code>/", views.campaign, name="campaign"),
    path("campaigns/<slug:code>/stop/", views.stop, name="campaign_stop"),
]
