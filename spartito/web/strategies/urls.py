from django.urls import path

from spartito.web.strategies import views

urlpatterns = [
    path("strategies/", views.strategies, name="strategies"),
    path("strategies/<slug:code>/", views.strategy, name="strategy"),
    path("strategies/<slug:code>/<int:number>/", views.strategy, name="strategy_version"),
    path("strategies/<slug:code>/<int:number>/text/", views.text, name="strategy_text"),
]
