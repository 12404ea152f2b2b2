from django.urls import path

from spartito.web.duedates import views

urlpatterns = [
    path("duedates/", views.duedates, name="duedates"),
    path("duedates/plan/<int:task>/", views.plan, name="task_plan"),
]
