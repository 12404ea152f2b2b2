from django.urls import path

from spartito.web.today import views

urlpatterns = [path("", views.today, name="today")]
