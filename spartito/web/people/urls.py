from django.urls import path

from spartito.web.people import own, views

urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/language/", own.set_language, name="set_language"),
    path("me/theme/", own.set_theme, name="set_theme"),
    path("me/password/", own.set_password, name="set_own_password"),
    path("users/", views.people, name="people"),
    path("users/new/", views.new, name="person_new"),
    path("users/<int:person>/", views.person, name="person"),
    path("users/<int:person>/edit/", views.edit, name="person_edit"),
    path("users/<int:person>/profile/", views.give_profile, name="person_profile"),
    path("users/<int:person>/profiles/<int:assignment>/scopes/", views.set_scopes, name="person_scopes"),
    path("users/<int:person>/profiles/<int:assignment>/end/", views.end_profile, name="person_end_profile"),
    path("users/<int:person>/grants/<int:grant>/end/", views.end_grant, name="person_end_grant"),
    path("users/<int:person>/password/", views.set_password, name="person_password"),
    path("users/<int:person>/retire/", views.retire, name="person_retire"),
]
