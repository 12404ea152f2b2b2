from django.urls import path

from spartito.web.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("tasks/<int:task>/outcome/", views.outcome, name="outcome"),
    path("tasks/<int:task>/outcome/ahead/", views.outcome_ahead, name="outcome_ahead"),
    path("tasks/<int:task>/undo/", views.undo, name="undo_outcome"),
    path("guidance/<int:customer>/", views.guidance, name="guidance"),
    path("score/<int:customer>/", views.score_row, name="score_row"),
    path("panel/", views.panel, name="panel"),
    path("trend/", views.trend_page, name="trend"),
]
