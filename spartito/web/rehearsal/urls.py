from django.urls import path

from spartito.web.rehearsal import views

urlpatterns = [
    path("strategies/<slug:code>/<int:number>/rehearsal/", views.begin, name="rehearsal_new"),
    path("rehearsals/<int:rehearsal>/", views.rehearsal, name="rehearsal"),
    path("rehearsals/<int:rehearsal>/cancel/", views.cancel, name="rehearsal_cancel"),
    path("rehearsals/<int:rehearsal>/customers/<int:customer>/", views.customer, name="rehearsal_customer"),
]
