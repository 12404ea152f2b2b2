"""Campaigns: who is reached by what, once; looked at before, begun, watched, stopped."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.cycle import campaigns as running
from spartito.platform.errors import Refused
from spartito.strategies.models import Campaign
from spartito.web import doors
from spartito.web.campaigns import reading
from spartito.web.campaigns.forms import CampaignForm
from spartito.web.tables import Column, Table

SHOWN = 25


@require_safe
@needs("strategies.view")
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, the newest first."""
    day = request.business_date  # type: ignore[attr-defined]
    table = Table(
        request=request,
        rows=Campaign.objects.select_related("started_by"),
        columns=[
            Column("name", _("Campaign"), ("name",)),
            Column("state", _("Status"), value=lambda each: reading.STANDS[running.stands(each, day)]),
            Column("starts_on", _("From"), ("starts_on", "pk"), "date"),
            Column("until", _("Tried until"), ("until",), "date"),
            Column("how", _("Step"), value=reading.how),
            Column("matched", _("Customers"), ("matched",), "number"),
            Column("started_by", _("Begun by"), value=lambda each: str(each.started_by or ""), on_phone=False),
        ],
        row_template="campaigns/row.html",
        name=gettext("Campaigns"),
        default_sort="-starts_on",
        empty_title=_("No campaign yet"),
        empty_text=_("A campaign brings one message or call to the customers of a filter, each once."),
    )
    if (answer := table.export()) is not None:
        return answer
    shown = list(table.page.object_list)
    context = {
        "states": {each.pk: running.stands(each, day) for each in shown},
        "hows": {each.pk: reading.how(each) for each in shown},
        "table": table,
        "may_run": doors.allowed(request, "campaigns.run"),
    }
    return doors.page(request, "campaigns/campaigns.html", context)


@require_http_methods(["GET", "POST"])
@needs("campaigns.run", "customers.view")
def new(request: HttpRequest) -> HttpResponse:
    """A campaign written; looked at (how many customers, and who) before it begins."""
    day = request.business_date  # type: ignore[attr-defined]
    form = CampaignForm(request.POST or None, as_of=day)
    context: dict[str, Any] = {"form": form, "title": gettext("New campaign")}
    if request.method == "POST" and not form.is_being_shaped and form.is_valid():
        try:
            rule = running.check(plain=form.plain(), as_of=day)
            if "start" in request.POST:
                begun = running.start(rule=rule, user=request.user, as_of=day)  # type: ignore[arg-type]
                messages.success(request, reading.begun(begun))
                return doors.back(request, reverse("campaign", args=[begun.result.code]))
            context["found"] = running.preview(rule=rule, user=request.user, as_of=day, most=SHOWN)  # type: ignore[arg-type]
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return doors.page(request, "campaigns/new.html", context)


@require_safe
@needs("strategies.view", "customers.view")
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """How far a campaign came, and with whom, of the customers this person sees."""
    day = request.business_date  # type: ignore[attr-defined]
    found = get_object_or_404(Campaign.objects.select_related("started_by", "stopped_by"), code=code)
    told = running.progress(campaign=found, user=request.user, as_of=day)  # type: ignore[arg-type]
    table = Table(
        request=request,
        rows=reading.rows_of(told, request.GET.get("state", "")),
        columns=[
            Column("customer", _("Customer"), value=lambda row: row["customer"].name),
            Column("code", _("Code"), value=lambda row: row["customer"].code, on_phone=False),
            Column("state", _("Status")),
            Column("why", _("Waits for")),
            Column("day", _("Day"), kind="date"),
        ],
        row_template="campaigns/reached.html",
        name=found.name,
        empty_title=_("Nobody here"),
        empty_text=_("No customer that you see is in this state."),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "campaign": found,
        "state": running.stands(found, day),
        "stands": reading.STANDS[running.stands(found, day)],
        "how": reading.how(found),
        "for_whom": reading.for_whom(found),
        "told": told,
        "parts": reading.parts(told),
        "waits": [(reading.why(code), count) for code, count in told["waits"].items()],
        "chosen": request.GET.get("state", ""),
        "table": table,
        "may_run": doors.allowed(request, "campaigns.run"),
    }
    return doors.page(request, "campaigns/campaign.html", context)


@require_POST
@needs("campaigns.run")
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing more is planned for it, and what has not left is withdrawn."""
    get_object_or_404(Campaign, code=code)
    decided = doors.attempt(
        request,
        lambda: running.stop(code=code, user=request.user, as_of=request.business_date),  # type: ignore[arg-type,attr-defined]
    )
    if decided is not None:
        messages.success(request, reading.stopped(decided))
    return doors.back(request, reverse("campaign", args=[code]))
