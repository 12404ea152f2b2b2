"""Passwords of tests: the real scheme with few iterations, so that a server in another process accepts them too."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    iterations = 1000
