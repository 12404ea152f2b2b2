"""What stands above today's score: things that stop the orchestra, each with where to mend it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spartito.actions.clearing import waiting_for_approval
from spartito.actions.models import Message
from spartito.cycle.models import Run
from spartito.ingest.models import Batch
from spartito.portfolio.models import Creditor
from spartito.portfolio.queries import currencies_at_par
from spartito.portfolio.visibility import of_visible
from spartito.reference.models import ExchangeRate
from spartito.reference.queries import NotKnown, working_days_between
from spartito.tenants.models import Tenant
from spartito.tenants.queries import local_now
from spartito.web import doors, words

LETTERS = ("letter", "registered_letter")
KEPT = 24 * 3600  # seconds that an answer stands while nothing that it depends on changes


@dataclass(frozen=True)
class Alert:
    """One sentence, how bad it is (`late` red, `warn` amber), and the link that mends it."""

    text: str
    tone: str
    url: str = ""
    action: str = ""


def alerts(request: HttpRequest) -> list[Alert]:
    """Everything this person can do something about, the worst first."""
    found: list[Alert] = []
    if doors.allowed(request, "imports.view"):
        found += [*_stale_ledgers(request), *_missing_file(request)]
    if doors.allowed(request, "runs.view"):
        found += _failed_run()
    if doors.allowed(request, "reference.edit") and doors.allowed(request, "ledger.view"):
        found += _missing_rates(request)
    if doors.allowed(request, "messages.manage"):
        found += [*_start_up(request), *_waiting_messages(request)]
    if doors.allowed(request, "approve"):
        found += _to_approve(request)
    return sorted(found, key=lambda alert: alert.tone != "late")


def _stale_ledgers(request: HttpRequest) -> list[Alert]:
    """Creditors whose ledger is older than the tenant allows: their messages wait."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    if tenant.max_data_age is None or tenant.clock == Tenant.Clock.LAST_RUN:
        return []
    day: date = request.business_date  # type: ignore[attr-defined]
    old = []
    for creditor in Creditor.objects.filter(retired_on__isnull=True, ledger_date__isnull=False).order_by("name"):
        try:
            age = working_days_between(creditor.ledger_date, day)
        except NotKnown:
            continue
        if age > tenant.max_data_age:
            old.append(
                Alert(
                    _("The ledger of %(creditor)s is that of %(day)s: its messages wait for fresh data.")
                    % {"creditor": creditor.name, "day": words.numeric(creditor.ledger_date)},
                    "late",
                    _url("imports"),
                    _("Import the ledger"),
                )
            )
    return old


def _missing_file(request: HttpRequest) -> list[Alert]:
    """The watched folder got no file today though its hour has passed."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    now = local_now(tenant)
    if not tenant.watch_folder or not tenant.watch_expected_by or now.time() < tenant.watch_expected_by:
        return []
    if Batch.objects.filter(business_date=request.business_date).exists():  # type: ignore[attr-defined]
        return []
    hour = tenant.watch_expected_by.strftime("%H:%M")
    text = _("The file expected by %(hour)s has not arrived in the watched folder.") % {"hour": hour}
    return [Alert(text, "late", _url("imports"), _("Import by hand"))]


def _failed_run() -> list[Alert]:
    run = Run.objects.order_by("-date", "-id").first()
    if run is None or run.status != Run.Status.FAILED:
        return []
    text = _("The run of %(day)s stopped halfway: it goes on from there when started again.") % {
        "day": words.numeric(run.date)
    }
    return [Alert(text, "late", _url("runs"), _("See the run"))]


def _missing_rates(request: HttpRequest) -> list[Alert]:
    """Amounts in a currency without a rate count one to one; the ledger is asked anew after an import or a new rate."""
    day: date = request.business_date  # type: ignore[attr-defined]
    imports = Batch.objects.filter(status=Batch.Status.DONE).aggregate(last=Max("pk"), count=Count("pk"))
    rates = ExchangeRate.objects.aggregate(last=Max("pk"))
    state = ":".join(str(number) for number in (*imports.values(), *rates.values()))
    home = request.tenant.currency  # type: ignore[attr-defined]
    missing = cache.get_or_set(f"at_par:{day}:{state}", lambda: currencies_at_par(as_of=day, home=home), KEPT) or []
    text = _("No exchange rate is known for %(codes)s: their amounts count one to one.") % {"codes": ", ".join(missing)}
    return [Alert(text, "warn", _url("exchange_rates"), _("Set the rate"))] if missing else []


def _start_up(request: HttpRequest) -> list[Alert]:
    may_lift = doors.allowed(request, "masterdata.edit")
    return [
        Alert(
            _("%(creditor)s is in start-up: everything is planned and shown, nothing leaves.")
            % {"creditor": creditor.name},
            "warn",
            reverse("startup") if may_lift else "",
            _("Sort the overdue stock"),
        )
        for creditor in Creditor.objects.filter(in_start_up=True, retired_on__isnull=True)
    ]


def _to_approve(request: HttpRequest) -> list[Alert]:
    waiting = waiting_for_approval(user=request.user, as_of=request.business_date).count()  # type: ignore[attr-defined, arg-type]
    text = ngettext("%(n)d step waits for your approval.", "%(n)d steps wait for your approval.", waiting)
    return [Alert(text % {"n": waiting}, "warn", _url("approvals"), _("Decide"))] if waiting else []


def _waiting_messages(request: HttpRequest) -> list[Alert]:
    """Messages that a person must look at, by reason, on customers this person sees."""
    waiting = Message.objects.filter(status__in=("queued", "held", "failed", "uncertain"))
    waiting = of_visible(waiting, user=request.user, as_of=request.business_date, by="account")  # type: ignore[attr-defined, arg-type]
    groups = list(waiting.values("status", "held_because", "channel", "goes_by").annotate(n=Count("id")))
    counts = {
        "no_address": 0,
        "stale": 0,
        "channel_paused": 0,
        "no_server": 0,
        "failed": 0,
        "uncertain": 0,
        "letters": 0,
    }
    for group in groups:
        by = group["goes_by"] or group["channel"]
        if group["status"] in ("failed", "uncertain"):
            counts[group["status"]] += group["n"]
        elif group["status"] == "queued" and by in LETTERS:
            counts["letters"] += group["n"]
        elif group["status"] == "queued" and not settings.EMAIL_CONFIGURED:
            counts["no_server"] += group["n"]
        elif group["held_because"] in counts:
            counts[group["held_because"]] += group["n"]
    return [_told(reason, n) for reason, n in counts.items() if n]


def _told(reason: str, n: int) -> Alert:
    text = {
        "letters": ngettext("%(n)d letter waits to be printed.", "%(n)d letters wait to be printed.", n),
        "no_address": ngettext("%(n)d message has no address.", "%(n)d messages have no address.", n),
        "stale": ngettext(
            "%(n)d message is older than five working days: it waits for a person.",
            "%(n)d messages are older than five working days: they wait for a person.",
            n,
        ),
        "channel_paused": ngettext(
            "%(n)d message waits: its channel is paused.", "%(n)d messages wait: their channel is paused.", n
        ),
        "no_server": ngettext(
            "%(n)d e-mail waits: no mail server is configured.", "%(n)d e-mails wait: no mail server is configured.", n
        ),
        "failed": ngettext("%(n)d message could not be delivered.", "%(n)d messages could not be delivered.", n),
        "uncertain": ngettext(
            "%(n)d message may or may not have left: someone must check.",
            "%(n)d messages may or may not have left: someone must check.",
            n,
        ),
    }[reason] % {"n": n}
    query = {
        "letters": "?print=1",
        "failed": "?status=failed",
        "uncertain": "?status=uncertain",
        "no_server": "?status=queued",
    }
    action = _("Print them") if reason == "letters" else _("Look at them")
    tone = "warn" if reason in ("letters", "no_address", "stale") else "late"
    return Alert(text, tone, _url("messages") + query.get(reason, f"?held_because={reason}"), action)


def _url(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
