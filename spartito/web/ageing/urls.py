from django.urls import path

from spartito.web.ageing import views

urlpatterns = [
    path("ageing/", views.ageing, name="ageing"),
    path("ageing/items/", views.items, name="ageing_items"),
]
