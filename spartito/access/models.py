from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from spartito.platform.fields import json_object
from spartito.platform.history import tracked


class UserManager(BaseUserManager["User"]):
    """The creation hooks that the login library expects."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **extra: object) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **extra)
        user.password = make_password(password)
        user.save(using=self._db)
        return user


@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser):
    """A person (or an integration) of one tenant; profiles come from assignments."""

    username = models.CharField(max_length=80, unique=True)
    full_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="it")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    landing_lens = models.CharField(max_length=30, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # Django reads it from the class

    objects = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.username


@tracked()
class Assignment(models.Model):
    """A profile held by a user from a day to a day (null = no end)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    profile = models.CharField(max_length=30)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_assignment_ends_after_start",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]


@tracked()
class Scope(models.Model):
    """One KEY=CODE of an assignment; one key's values are OR-ed, different keys AND-ed."""

    class Key(models.TextChoices):
        AREA = "area"
        DIVISION = "division"
        SECTOR = "sector"
        SALESPERSON = "salesperson"
        COLLECTOR = "collector"
        CREDITOR = "creditor"
        CREDIT_CLASS = "class"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scopes")
    key = models.CharField(max_length=20, choices=Key.choices)
    code = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="access_scope_once", fields=["assignment", "key", "code"]),
        ]


@tracked()
class Grant(models.Model):
    """One customer lent to one user, from a day to a day, because."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    customer_id = models.BigIntegerField(db_index=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=300)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)


@tracked()
class OrgUnit(models.Model):
    """An area, division or sector; areas form trees through `parent`."""

    class Kind(models.TextChoices):
        AREA = "area"
        DIVISION = "division"
        SECTOR = "sector"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="access_orgunit_code_once", fields=["kind", "code"]),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Preference(models.Model):
    """What the pages remember of one person, by name: a list's filters and order."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    key = models.CharField(max_length=60)
    value = json_object()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="access_preference_once", fields=["user", "key"]),
        ]
