from django.urls import path

from spartito.web.startup import views

urlpatterns = [
    path("startup/", views.startup, name="startup"),
    path("startup/<int:creditor>/sort/", views.sort, name="startup_sort"),
    path("startup/<int:creditor>/lift/", views.lift, name="startup_lift"),
]
