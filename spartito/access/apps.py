from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "spartito.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
