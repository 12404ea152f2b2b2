from django.urls import path

from spartito.web.people import own

urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/language/", own.set_language, name="set_language"),
    path("me/theme/", own.set_theme, name="set_theme"),
]
