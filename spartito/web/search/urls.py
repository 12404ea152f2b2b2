from django.urls import path

from spartito.web.search import views

urlpatterns = [path("search/", views.search, name="search")]
