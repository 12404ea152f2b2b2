"""Messages: what was sent, what is ready, what waits and which act lets it go."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.actions.models import Message
from spartito.actions.operations import confirm_sent, drop_action, release_message
from spartito.communications import queries
from spartito.communications.reading import NothingComposed
from spartito.portfolio.models import Creditor
from spartito.portfolio.visibility import visible_to
from spartito.strategies.explain import sentence
from spartito.web import doors, filters
from spartito.web.messages import listing, reading
from spartito.web.tables import Column, Table, remembered
from spartito.web.wording import CHANNELS, REASONS, STATUSES, reason_of


@require_safe
@needs("messages.view")
def messages(request: HttpRequest) -> HttpResponse:
    """Every message to a visible customer, the newest first."""
    if (answer := remembered(request, "messages")) is not None:
        return answer
    values = {key: request.GET.get(key, "").strip() for key in listing.KEYS}
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    rows = listing.messages_for(user=user, as_of=as_of, values=values)
    everything = listing.messages_for(user=user, as_of=as_of, values={**values, "status": "", "reason": ""})
    table = Table(
        request=request,
        rows=rows,
        columns=_columns(),
        row_template="messages/row.html",
        name=gettext("Messages"),
        default_sort="-due_on",
        empty_title=_("No message here"),
        empty_text=_("Messages appear when the cycle decides that a customer is to be written to."),
        can_export=doors.allowed(request, "export"),
    )
    if (answer := table.export()) is not None:
        return answer
    held = listing.held_by_reason(everything)
    context = {
        "table": table,
        "form": _form(values),
        "state": values["status"],
        "states": _states(listing.counts(everything), values["status"]),
        "held": [(code, reason_of(code), count) for code, count in sorted(held.items(), key=lambda each: -each[1])],
        "to_print": reading.letters_to_print(user=user, as_of=as_of),
        "paused": queries.pauses(as_of),
        "may_manage": doors.allowed(request, "messages.manage"),
    }
    return doors.page(request, "messages/messages.html", context)


def _columns() -> list[Column]:
    return [
        Column("due_on", _("Planned"), ("due_on",), "date"),
        Column("account", _("Customer"), ("account__name",), value=lambda m: str(m.account)),
        Column("subject", _("Subject"), ("subject",), on_phone=False),
        Column(
            "channel",
            _("Channel"),
            ("channel",),
            value=lambda m: str(CHANNELS.get(m.channel, m.channel)),
            on_phone=False,
        ),
        Column("to", _("To"), value=lambda m: m.to_address, on_phone=False),
        Column("status", _("Status"), ("status",), value=lambda m: str(STATUSES[m.status])),
        Column("sent_on", _("Sent"), ("sent_on",), "date", on_phone=False),
    ]


def _form(values: dict[str, str]) -> forms.Form:
    creditors = list(Creditor.objects.order_by("name").values_list("code", "name"))
    fields: dict[str, forms.Field] = {
        "q": filters.search(_("Search"), _("customer, address, subject")),
        "channel": filters.choice(
            _("Channel"), [each for each in CHANNELS.items() if each[0] not in ("phone", "replay")]
        ),
        "reason": filters.choice(_("Held because"), [(code, reason.short) for code, reason in REASONS.items()]),
        "creditor": filters.choice(_("Creditor"), creditors),
        "from": filters.day(_("From")),
        "to": filters.day(_("To")),
    }
    linked = {key: filters.kept() for key in ("status", "step") if values.get(key)}
    return filters.filter_form(values, fields | linked)


def _states(counts: dict[str, int], chosen: str) -> list[dict[str, object]]:
    names = {
        "": pgettext_lazy("messages", "all"),
        "waiting": pgettext_lazy("messages", "waiting"),
        "held": pgettext_lazy("messages", "held"),
        "trouble": pgettext_lazy("messages", "failed or uncertain"),
        "sent": pgettext_lazy("messages", "sent"),
        "withdrawn": pgettext_lazy("messages", "withdrawn"),
    }
    return [
        {"key": key, "name": name, "count": counts.get(key), "is_chosen": key == chosen} for key, name in names.items()
    ]


def visible_message(request: HttpRequest, message: int) -> Message:
    """The message if its account is visible, else 404."""
    mine = Message.objects.filter(account__in=visible_to(request.user, request.business_date))  # type: ignore[arg-type,attr-defined]
    return get_object_or_404(mine.select_related("account", "creditor", "planned_action"), pk=message)


@require_safe
@needs("messages.view")
def message(request: HttpRequest, message: int) -> HttpResponse:
    """One message as it will be read, why it goes, what it lists, and what may be done with it."""
    found = visible_message(request, message)
    context = {
        "message": found,
        "channel": CHANNELS.get(found.channel, found.channel),
        "status": STATUSES[found.status],
        "reason": reason_of(found.held_because) if found.status == Message.Status.HELD else None,
        "listed": reading.listed_items(found),
        "rendition": reading.current_rendition(found),
        "template_name": reading.template_name(found),
        "older": reading.superseded_renditions(found),
        "is_letter": reading.is_paper(found),
        "why": sentence(found.planned_action.why) if found.planned_action else "",
        "may_ask": doors.allowed(request, "explain.view"),
        "may_read_texts": doors.allowed(request, "strategies.view"),
        "may_manage": doors.allowed(request, "messages.manage"),
        "can_be_dropped": reading.can_be_dropped(found),
        "form": DropForm(as_of=request.business_date),  # type: ignore[attr-defined]
    }
    return doors.page(request, "messages/message.html", context)


@require_safe
@xframe_options_sameorigin
@needs("messages.view")
def mail(request: HttpRequest, message: int) -> HttpResponse:
    """The HTML that the addressee reads, alone, in a sandbox that runs nothing and loads nothing."""
    try:
        body = reading.html_of(visible_message(request, message))
    except NothingComposed as nothing:
        raise Http404 from nothing
    answer = HttpResponse(body)
    answer.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    return answer


@require_safe
@xframe_options_sameorigin
@needs("messages.view")
def letter(request: HttpRequest, message: int) -> HttpResponse:
    """The very PDF: the archived one once it left, else as it stands now."""
    found = visible_message(request, message)
    try:
        pdf = reading.pdf_of(found, as_of=request.business_date)  # type: ignore[attr-defined]
    except NothingComposed as nothing:
        raise Http404 from nothing
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'self'; frame-ancestors 'self'"
    answer.headers["Content-Disposition"] = f'inline; filename="{found.pk}.pdf"'
    return answer


class DropForm(forms.Form):
    """Skip the step, or not before a day."""

    how = forms.ChoiceField(
        label=_("What happens to the step"),
        choices=[("skip", _("skip it: the next step follows in its time")), ("not_before", _("not before a day"))],
        initial="skip",
        widget=forms.RadioSelect,
    )
    not_before = forms.DateField(
        label=_("Not before"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: object, as_of: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.as_of = as_of
        self.fields["not_before"].widget.attrs["min"] = as_of.isoformat()

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        day = found.get("not_before")
        if found.get("how") == "not_before" and (not isinstance(day, date) or day <= self.as_of):
            self.add_error("not_before", gettext("Choose a day after today."))
        return found


@require_http_methods(["GET", "POST"])
@needs("messages.manage")
def drop(request: HttpRequest, message: int) -> HttpResponse:
    """Drops a message before it leaves: skipped, or not before a day."""
    found = visible_message(request, message)
    form = DropForm(request.POST or None, as_of=request.business_date)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["not_before"] if form.cleaned_data["how"] == "not_before" else None
        doors.perform(
            request,
            drop_action,
            customers=[found.account_id],
            action=found.planned_action_id,
            not_before=day,
            reason=form.cleaned_data["reason"],
        )
        return doors.back(request, reverse("message", args=[found.pk]))
    return doors.page(request, "messages/drop.html", {"message": found, "form": form, "title": gettext("Do not send")})


@require_POST
@needs("messages.manage")
def release(request: HttpRequest, message: int) -> HttpResponse:
    """Lets a message go on that waited for a person."""
    found = visible_message(request, message)
    doors.perform(request, release_message, customers=[found.account_id], message=found.pk)
    return doors.back(request, reverse("message", args=[found.pk]))


@require_POST
@needs("messages.manage")
def confirm(request: HttpRequest, message: int) -> HttpResponse:
    """An uncertain message did leave: someone found out."""
    found = visible_message(request, message)
    doors.perform(request, confirm_sent, customers=[found.account_id], message=found.pk)
    return doors.back(request, reverse("message", args=[found.pk]))
