from django.urls import path

from spartito.web.runs import views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<int:run>/", views.run, name="run"),
    path("runs/now/", views.run_now, name="run_now"),
    path("work/<int:work>/", views.work, name="work"),
]
