"""Users: who they are, which profiles they hold, on which scopes, from when to when."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from spartito.access import operations
from spartito.access.doors import needs
from spartito.access.models import Assignment, Grant, User
from spartito.access.profiles import PROFILES
from spartito.access.queries import users_with_assignments
from spartito.portfolio.models import Customer
from spartito.portfolio.visibility import visible_to
from spartito.web import doors, tables
from spartito.web.filters import filter_form
from spartito.web.filters import search as search_field
from spartito.web.people import forms

both = require_http_methods(["GET", "HEAD", "POST"])


@needs("users.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with what they hold today."""
    if (answer := tables.remembered(request, "people")) is not None:
        return answer
    words = request.GET.get("q", "")
    table = tables.Table(
        request,
        users_with_assignments(search=words),
        [
            tables.Column("full_name", _("Name"), ("full_name",)),
            tables.Column("username", _("User name"), ("username",), on_phone=False),
            tables.Column("profiles", _("Profiles"), (), "text", _profiles),
            tables.Column("last_login", _("Last seen"), ("last_login",), "instant", on_phone=False),
        ],
        "people/row.html",
        name="users",
        empty_title=_("Nobody found"),
        empty_text=_("Try another part of the name."),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "table": table,
        "filters": filter_form({"q": words}, {"q": search_field(_("Name, user name, e-mail"))}),
        "may_manage": doors.allowed(request, "users.manage"),
    }
    return doors.page(request, "people/people.html", context)


def _profiles(person: User) -> str:
    """As exported: `collector_sector sector=IMP`."""
    return "; ".join(
        " ".join([held.profile, *(f"{scope.key}={scope.code}" for scope in held.scopes.all())])
        for held in person.assignments.all()
    )


@needs("users.view")
@require_safe
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One user."""
    found = _person(person)
    grants = list(Grant.objects.filter(user=found).order_by("-valid_from", "-id")[:100])
    seen = visible_to(request.user, request.business_date)
    names = seen.in_bulk([grant.customer_id for grant in grants])
    context = {
        "person": found,
        "held": [{"assignment": held, "profile": PROFILES[held.profile]} for held in _held(found)],
        "grants": [{"grant": grant, "customer": names.get(grant.customer_id)} for grant in grants],
        "sees": visible_to(found, request.business_date).count(),
        "of": Customer.objects.count(),
        "may_manage": doors.allowed(request, "users.manage"),
        "is_self": found.pk == request.user.pk,
    }
    return doors.page(request, "people/person.html", context)


def _person(pk: int) -> User:
    return get_object_or_404(User, pk=pk)


def _held(person: User) -> list[Assignment]:
    return list(person.assignments.prefetch_related("scopes").select_related("given_by").order_by("-valid_until", "id"))


def _act(
    request: HttpRequest,
    form: Form,
    do: Callable[..., Any],
    *,
    title: str | Promise,
    done: str | Promise,
    url: str = "",
    person: User | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Shows the form; sent and right, does one operation and goes to the user's page."""
    if request.method == "POST" and form.is_valid():
        result = doors.attempt(request, lambda: do(**form.cleaned_data), done=str(done))
        if result is not None:
            to = url or reverse(
                "person", args=[result.pk if isinstance(result, User) and person is None else person.pk]
            )
            return doors.back(request, to)
    context = {"form": form, "title": title, "person": person, "danger": danger}
    return doors.page(request, "people/form.html", context, status=422 if request.method == "POST" else 200)


@needs("users.manage")
@both
def new(request: HttpRequest) -> HttpResponse:
    """A new user with a first profile."""
    form = forms.NewForm(request.POST or None, initial={"language": request.tenant.language})

    def create(**values: Any) -> User:
        return operations.create_user(user=request.user, as_of=request.business_date, **values)

    return _act(request, form, create, title=_("New user"), done=_("The user can sign in now."))


@needs("users.manage")
@both
def edit(request: HttpRequest, person: int) -> HttpResponse:
    found = _person(person)
    initial = {name: getattr(found, name) for name in ("full_name", "email", "phone", "language")}
    form = forms.DetailsForm(request.POST or None, initial=initial)

    def change(**values: Any) -> User:
        return operations.edit_user(user=request.user, target=found, **values)

    return _act(request, form, change, title=_("Edit the details"), done=_("Saved."), person=found)


@needs("users.manage")
@both
def give_profile(request: HttpRequest, person: int) -> HttpResponse:
    """One more profile."""
    found = _person(person)

    def give(**values: Any) -> Assignment:
        return operations.give_profile(user=request.user, as_of=request.business_date, to=found, **values)

    form = forms.ProfileForm(request.POST or None)
    return _act(request, form, give, title=_("Give a profile"), done=_("The profile is given."), person=found)


def _assignment(person: int, assignment: int) -> Assignment:
    return get_object_or_404(Assignment.objects.prefetch_related("scopes"), pk=assignment, user=person)


@needs("users.manage")
@both
def set_scopes(request: HttpRequest, person: int, assignment: int) -> HttpResponse:
    held = _assignment(person, assignment)
    written = "\n".join(f"{scope.key}={scope.code}" for scope in held.scopes.all())
    form = forms.ScopesForm(request.POST or None, initial={"scopes": written})

    def change(**values: Any) -> Assignment:
        return operations.set_scopes(user=request.user, assignment=held.pk, **values)

    return _act(request, form, change, title=_("Change the scopes"), done=_("Saved."), person=held.user)


@needs("users.manage")
@both
def end_profile(request: HttpRequest, person: int, assignment: int) -> HttpResponse:
    held = _assignment(person, assignment)
    form = forms.LastDayForm(request.POST or None, initial={"last_day": request.business_date})

    def end(**values: Any) -> Assignment:
        return operations.end_profile(user=request.user, assignment=held.pk, **values)

    return _act(request, form, end, title=_("End the profile"), done=_("The profile ends."), person=held.user)


@needs("users.manage")
@both
def end_grant(request: HttpRequest, person: int, grant: int) -> HttpResponse:
    lent = get_object_or_404(Grant.objects.select_related("user"), pk=grant, user=person)
    form = forms.LastDayForm(request.POST or None, initial={"last_day": request.business_date})

    def end(**values: Any) -> None:
        operations.end_grant(user=request.user, grant=lent.pk, **values)

    return _act(
        request,
        form,
        end,
        title=_("Take the customer back"),
        done=_("The customer is lent no longer."),
        person=lent.user,
    )


@needs("users.manage")
@both
def set_password(request: HttpRequest, person: int) -> HttpResponse:
    found = _person(person)

    def change(**values: Any) -> None:
        operations.set_password(user=request.user, target=found, **values)

    form = forms.PasswordForm(request.POST or None)
    return _act(request, form, change, title=_("Give a new password"), done=_("The password is changed."), person=found)


@needs("users.manage")
@both
def retire(request: HttpRequest, person: int) -> HttpResponse:
    """The user no longer enters; or enters again."""
    found = _person(person)
    does = operations.retire_user if found.is_active else operations.restore_user
    title = _("Close the access") if found.is_active else _("Open the access again")

    def change() -> None:
        does(user=request.user, target=found)

    return _act(request, forms.EmptyForm(request.POST or None), change, title=title, done=_("Saved."), person=found,
                danger=found.is_active)  # fmt: skip
