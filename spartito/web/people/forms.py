"""Forms about users; `cleaned_data` is what the operations of `access` take."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from spartito.access.models import Scope, User
from spartito.access.profiles import PROFILES
from spartito.web import words

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SCOPES_HELP = _(
    "One a line, KEY=CODE: area, division, sector, salesperson, collector, creditor, class. "
    "Values of one key add up, different keys narrow each other."
)


def profile_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Profiles by department, in the reader's language."""
    language = words.language()
    groups: dict[str, list[tuple[str, str]]] = {}
    for profile in PROFILES.values():
        department = getattr(profile, f"department_{language}")
        groups.setdefault(department, []).append((profile.code, getattr(profile, f"name_{language}")))
    return list(groups.items())


class ScopesField(forms.CharField):
    """Lines of KEY=CODE, as pairs."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(
            required=False, label=_("Scopes"), help_text=SCOPES_HELP, widget=forms.Textarea(attrs={"rows": 3}), **kw
        )

    def clean(self, value: Any) -> list[tuple[str, str]]:
        pairs = []
        for line in str(super().clean(value) or "").replace(",", "\n").splitlines():
            if not line.strip():
                continue
            key, equals, code = line.partition("=")
            if not equals or key.strip() not in Scope.Key.values or not code.strip():
                raise forms.ValidationError(_("“%(line)s” is not KEY=CODE with a known key.") % {"line": line.strip()})
            pairs.append((key.strip(), code.strip()))
        return pairs


class ProfileForm(forms.Form):
    """A profile from a day to a day, narrowed by scopes."""

    profile = forms.ChoiceField(label=_("Profile"))
    scopes = ScopesField()
    valid_from = forms.DateField(label=_("From"), required=False, widget=DATE)
    valid_until = forms.DateField(
        label=_("Until, included"), required=False, widget=DATE, help_text=_("Empty: no end.")
    )
    because = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["profile"].choices = profile_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("valid_from"), data.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", _("It ends before it starts."))
        return data


class DetailsForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NewForm(DetailsForm):
    """A new user with a first profile."""

    username = forms.CharField(label=_("User name"), max_length=80)
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), min_length=10,
        help_text=_("At least ten characters; the person changes it under “My settings”."),
    )  # fmt: skip
    profile = forms.ChoiceField(label=_("Profile"))
    scopes = ScopesField()
    valid_until = forms.DateField(
        label=_("Until, included"), required=False, widget=DATE, help_text=_("Empty: no end.")
    )
    field_order = [
        "full_name",
        "username",
        "password",
        "email",
        "phone",
        "language",
        "profile",
        "scopes",
        "valid_until",
    ]

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["profile"].choices = profile_choices()

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].strip()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Somebody has this user name already."))
        return name


class ScopesForm(forms.Form):
    scopes = ScopesField()


class LastDayForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=DATE)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"), min_length=10, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters, not a common word, unlike the user name."),
    )  # fmt: skip


class OwnPasswordForm(PasswordForm):
    """Asks for the present password first."""

    present = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["present", "password"]

    def __init__(self, *args: Any, user: User, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.user = user

    def clean_present(self) -> str:
        present = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise forms.ValidationError(_("This is not your present password."))
        return present


class EmptyForm(forms.Form):
    """Only a confirmation."""
