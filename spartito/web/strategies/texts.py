"""In the editor: what the calendar sends, and payment education."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from spartito.access.doors import needs
from spartito.strategies import editing
from spartito.web.strategies import text_forms
from spartito.web.strategies.editing import both, change_at_once, draft_of, edited, to_draft
from spartito.web.strategies.periodics import name_of
from spartito.web.strategies.text_forms import EducationForm, TextForm


@needs("strategies.edit")
@both
def new_text(request: HttpRequest, code: str) -> HttpResponse:
    """One text of the calendar more."""
    version = draft_of(code)
    form = TextForm(request.POST or None)
    return edited(
        request, version, form, _("New text of the calendar"),
        lambda source: editing.with_new_text(source, values=form.values()),
        means=text_forms.MEANS,
    )  # fmt: skip


@needs("strategies.edit")
@both
def text_of_calendar(request: HttpRequest, code: str, text: str) -> HttpResponse:
    """One text of the calendar."""
    version = draft_of(code)
    found = get_object_or_404(version.periodics, code=text)
    form = TextForm(request.POST or None, text=found)
    return edited(
        request, version, form, _("Sent by the calendar: %(name)s") % {"name": name_of(found)},
        lambda source: editing.with_text(source, code=text, values=form.values()),
        means=text_forms.MEANS, text=found,
    )  # fmt: skip


@needs("strategies.edit")
@require_POST
def drop_text(request: HttpRequest, code: str, text: str) -> HttpResponse:
    """One text of the calendar less."""
    done = _("The text is gone from the draft.")
    change_at_once(request, code, lambda source: editing.without_text(source, code=text), done=done)
    return to_draft(request, code)


@needs("strategies.edit")
@both
def education(request: HttpRequest, code: str) -> HttpResponse:
    """Who is taught to pay in time."""
    version = draft_of(code)
    form = EducationForm(request.POST or None, version=version)
    return edited(
        request, version, form, _("Payment education"),
        lambda source: editing.with_values(source, values=form.values()),
        means={"for": "is_on", "education": "is_on"},
    )  # fmt: skip
