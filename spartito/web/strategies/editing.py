"""The editor: a draft's steps on a time line, each opened in place; its limits; its text; what changes; in force."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.actions.models import OutcomeCode
from spartito.platform.errors import Refused
from spartito.portfolio.models import PaymentType
from spartito.strategies import drafts, editing
from spartito.strategies.models import Version
from spartito.web import doors
from spartito.web.strategies import changes, limits_form, reading, step_form
from spartito.web.strategies.limits_form import LimitsForm
from spartito.web.strategies.outcome_form import OutcomeForm, lines_of
from spartito.web.strategies.payment_form import PaymentTypeForm
from spartito.web.strategies.periodics import texts_of
from spartito.web.strategies.sections import put_refusal
from spartito.web.strategies.step_form import StepForm
from spartito.web.templatetags.spartito import label

both = require_http_methods(["GET", "HEAD", "POST"])


class TextForm(forms.Form):
    """The whole text."""

    source = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "yaml-text"}), strip=False
    )
    comment = forms.CharField(max_length=500, required=False)


@needs("strategies.edit")
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Opens the draft beside the text in force, and goes to it."""
    opened = doors.attempt(request, lambda: drafts.open_draft(code=code, user=request.user))  # type: ignore[arg-type]
    return redirect("strategy_draft" if opened else "strategy", code)


@needs("strategies.view")
@require_safe
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The draft's time line, what it changes, and the ways on."""
    version = draft_of(code)
    strategy = version.strategy
    live = strategy.live_version
    context = {
        "strategy": strategy,
        "version": version,
        "live": live,
        "seen": drafts.fingerprint(version.source),
        "ways": reading.ways(version),
        "limits": reading.limits_of(version),
        "payment_rules": reading.payment_rules(version, every=True),
        "for_whom": reading.for_whom(strategy, version),
        "texts": texts_of(version),
        "education": changes.said_education(version.further.get("education")),
        "changes": changes.said_changes(live, version) if live else [],
        "may_edit": doors.allowed(request, "strategies.edit"),
        "may_publish": doors.allowed(request, "strategies.publish"),
        "needs_second": request.tenant.second_person_publishes,  # type: ignore[attr-defined]
        "is_mine": version.submitted_by_id == request.user.pk,
    }
    return doors.page(request, "strategies/draft.html", context)


@needs("strategies.edit")
@both
def step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One step of the draft."""
    version = draft_of(code)
    found = get_object_or_404(version.steps, code=step)
    form = StepForm(request.POST or None, step=found)
    title = _("Step: %(name)s") % {"name": reading.name_of(found)}
    return edited(
        request, version, form, title,
        lambda text: editing.with_step(text, code=step, values=form.values()),
        means=step_form.MEANS, step=found,
        outcomes=lines_of(found) if found.channel == "phone" or found.action == "task" else [],
    )  # fmt: skip


@needs("strategies.edit")
@both
def outcome(request: HttpRequest, code: str, step: str, outcome: str) -> HttpResponse:
    """What follows one outcome of a step of the draft."""
    version = draft_of(code)
    found = get_object_or_404(version.steps, code=step)
    name = get_object_or_404(OutcomeCode, code=outcome)
    form = OutcomeForm(request.POST or None, step=found, code=outcome)

    def change(text: str) -> str:
        outcomes = dict(editing.step_as_written(text, code=step).get("outcomes") or {})
        outcomes.pop(outcome, None)
        if (said := form.said()) is not None:
            outcomes[outcome] = said
        return editing.with_step(text, code=step, values={"outcomes": outcomes or None})

    means = {"kind": "task_kind", "assign_to": "task_for", "in": "task_in", "task": "task_kind"}
    return edited(request, version, form, _("When: %(outcome)s") % {"outcome": label(name)}, change, means=means)


@needs("strategies.edit")
@both
def new_step(request: HttpRequest, code: str) -> HttpResponse:
    """One step more."""
    version = draft_of(code)
    form = StepForm(request.POST or None)
    return edited(
        request, version, form, _("New step"),
        lambda text: editing.with_new_step(text, values=_given(form.values()), track=form.cleaned_data["track"]),
        means=step_form.MEANS,
    )  # fmt: skip


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


@needs("strategies.edit")
@both
def limits(request: HttpRequest, code: str) -> HttpResponse:
    """For whom the draft is, and its limits."""
    version = draft_of(code)
    form = LimitsForm(request.POST or None, version=version)
    return edited(
        request, version, form, _("For whom, and limits"),
        lambda text: editing.with_values(text, values=form.values()),
        means=limits_form.MEANS,
    )  # fmt: skip


@needs("strategies.edit")
@both
def payment_type(request: HttpRequest, code: str, payment_type: str) -> HttpResponse:
    """How the draft treats one payment type, and what is written to it instead."""
    version = draft_of(code)
    found = get_object_or_404(PaymentType, code=payment_type)
    form = PaymentTypeForm(request.POST or None, version=version, payment_type=found)
    return edited(
        request, version, form, label(found),
        lambda text: editing.with_payment_type(text, code=found.code, values=form.values()),
        means={"dunnable": "treatment", "start_after": "treatment"},
    )  # fmt: skip


@needs("strategies.edit")
@require_POST
def move(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """A step dragged to another day, or moved there by a key."""
    days = request.POST.get("days", "")
    if not days.lstrip("-").isdigit():
        return HttpResponse(status=400)
    before = request.POST.get("before", "")
    change_at_once(request, code, lambda text: editing.with_step_moved(text, code=step, days=int(days), before=before))
    return to_draft(request, code)


@needs("strategies.edit")
@require_POST
def drop_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One step less."""
    change_at_once(
        request, code, lambda text: editing.without_step(text, code=step), done=_("The step is gone from the draft.")
    )
    return to_draft(request, code)


@needs("strategies.edit")
@both
def text(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as text: the same policy, to be written by hand."""
    version = draft_of(code)
    strategy = version.strategy
    form = TextForm(request.POST or None, initial={"source": version.source, "comment": version.comment})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        written = said["source"].replace("\r\n", "\n")
        refusal = _refusal(request, code, lambda _text: written, comment=said["comment"])
        if refusal is None:
            return redirect("strategy_draft", code)
        form.add_error("source", str(refusal))
    seen = drafts.fingerprint(version.source)
    context = {"strategy": strategy, "version": version, "form": form, "seen": request.POST.get("seen", seen)}
    return doors.page(request, "strategies/draft_text.html", context)


@needs("strategies.edit")
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft is finished."""
    seen, comment = request.POST.get("seen", ""), request.POST.get("comment", "").strip()
    doors.attempt(
        request,
        lambda: drafts.submit_draft(code=code, user=request.user, seen=seen, comment=comment),  # type: ignore[arg-type]
        done=_("The draft is submitted: it waits for whoever puts it in force."),
    )
    return to_draft(request, code)


@needs("strategies.publish")
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """The draft in force from the next run or reaction on."""
    seen = request.POST.get("seen", "")
    published = doors.attempt(
        request,
        lambda: drafts.publish_draft(code=code, user=request.user, seen=seen),  # type: ignore[arg-type]
        done=_("In force: customers follow it from the next run, or as soon as somebody works on them."),
    )
    return doors.back(request, reverse("strategy", args=[code])) if published else to_draft(request, code)


@needs("strategies.edit")
@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """No draft any more; what is in force stays."""
    doors.attempt(
        request,
        lambda: drafts.drop_draft(code=code, user=request.user),  # type: ignore[arg-type]
        done=_("The draft is gone. What is in force stays as it was."),
    )
    return doors.back(request, reverse("strategy", args=[code]))


def draft_of(code: str) -> Version:
    """The draft of a strategy, with the strategy and its text in force."""
    drafts_of_it = Version.objects.filter(strategy__code=code, status=Version.Status.DRAFT).order_by("-number")
    return get_object_or_404(drafts_of_it.select_related("strategy__live_version", "submitted_by", "author")[:1])


def edited(
    request: HttpRequest,
    version: Version,
    form: forms.Form,
    title: str,
    change: Callable[[str], str],
    *,
    means: Mapping[str, str],
    **shown: Any,
) -> HttpResponse:
    """A form over the draft: shown, or done and back to the time line; a refusal stands at its field (`means`: by key)."""
    code = version.strategy.code
    if request.method == "POST" and not getattr(form, "is_being_shaped", False) and form.is_valid():
        refusal = _refusal(request, code, change)
        if refusal is None:
            return to_draft(request, code)
        put_refusal(form, refusal, means=means)
    seen = request.POST.get("seen") or drafts.fingerprint(version.source)
    context = {"form": form, "title": title, "version": version, "code": code, "seen": seen, **shown}
    return doors.page(request, "strategies/draft_form.html", context)


def _refusal(request: HttpRequest, code: str, change: Callable[[str], str], **kw: Any) -> Refused | None:
    """Why the draft could not be changed so; None when it was."""
    seen = request.POST.get("seen", "")
    try:
        drafts.change_draft(code=code, user=request.user, seen=seen, change=change, **kw)  # type: ignore[arg-type]
    except Refused as refusal:
        return refusal
    return None


def change_at_once(request: HttpRequest, code: str, change: Callable[[str], str], *, done: str = "") -> None:
    seen = request.POST.get("seen", "")
    doors.attempt(
        request,
        lambda: drafts.change_draft(code=code, user=request.user, seen=seen, change=change),  # type: ignore[arg-type]
        done=done,
    )


def to_draft(request: HttpRequest, code: str) -> HttpResponse:
    return doors.back(request, reverse("strategy_draft", args=[code]))
