from django.urls import path

from spartito.web.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/totals/", views.totals, name="customers_totals"),
]
