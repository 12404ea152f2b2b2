"""The Django database backend: django-tenants' one, which starts the embedded server before it connects."""
