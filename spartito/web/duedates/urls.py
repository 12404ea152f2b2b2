from django.urls import path

from spartito.web.duedates import ahead, views

urlpatterns = [
    path("duedates/ahead/", ahead.ahead, name="duedates_ahead"),
    path("duedates/", views.duedates, name="duedates"),
    path("duedates/plan/<int:task>/", views.plan, name="task_plan"),
]
