"""How to go about a customer: whom to call, when somebody answered, what happened last, what may be offered."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q

from spartito.access.models import User
from spartito.access.permissions import profiles_of
from spartito.actions.models import Attempt, Task
from spartito.journal.models import Entry
from spartito.portfolio.models import Contact, Customer
from spartito.portfolio.visibility import visible_customer
from spartito.reference.models import ApprovalLimit
from spartito.reference.queries import approval_limits

Decision, Authority = ApprovalLimit.Decision, ApprovalLimit.Authority
AUTHORITIES = {
    "collector_global": Authority.COLLECTOR,
    "collector_sector": Authority.COLLECTOR,
    "temp_collector": Authority.COLLECTOR,
    "credit_manager": Authority.CREDIT_MANAGER,
    "cfo": Authority.CFO,
    "ceo": Authority.BOARD,
    "general_manager": Authority.BOARD,
}
# What a debtor may be offered on the phone, in the order in which it is thought of.
OFFERS = (Decision.PLAN, Decision.INTEREST_WAIVER, Decision.SETTLEMENT, Decision.WRITE_OFF)
# Who is asked for money first.
ROLES = ("accounting", "finance", "owner", "invoices", "purchasing")
NOBODY_THERE = ("NR", "OCC", "SEG", "ERR")
ENOUGH = 3  # answered calls from which an hour is told
FACTS = 3
NOT_FACTS = ("contact.planned", "measure.planned", "task.given", "task.planned", "task.reopened", "message.queued")


@dataclass
class BestHour:
    """The hour of the day, in the tenant's time zone, at which this customer answered most often."""

    hour: int
    answered: int
    tried: int


@dataclass
class Offer:
    """A concession: up to where this person decides (`own`), and who decides beyond (`beyond`, the next authority)."""

    decision: str
    own: ApprovalLimit | None
    beyond: ApprovalLimit | None


@dataclass
class Guidance:
    customer: Customer
    people: list[Contact] = field(default_factory=list)
    best_hour: BestHour | None = None
    facts: list[Entry] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


def guidance_of(user: User, as_of: date, customer: int, *, timezone: str) -> Guidance:
    """Everything for one customer that `user` sees; Http404 for any other."""
    found = visible_customer(user, as_of, customer)
    facts = Entry.objects.filter(customer_id=found.pk).exclude(verb__in=NOT_FACTS).order_by("-at", "-id")
    return Guidance(
        found,
        people=_whom(found, as_of),
        best_hour=_best_hour(found, timezone),
        facts=list(facts[:FACTS]),
        offers=_offers(user, as_of),
    )


def _whom(customer: Customer, as_of: date) -> list[Contact]:
    """People with a number to call: those the step of an open call names (`to`), else the preferred; then by what they do
    there.
    """
    in_force = (Q(valid_from__isnull=True) | Q(valid_from__lte=as_of)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=as_of)
    )
    rows = Contact.objects.filter(in_force, customer=customer).exclude(phone="", mobile="")
    asked, place = _asked_for(customer, as_of), {role: number for number, role in enumerate(ROLES)}

    def key(row: Contact) -> tuple[int, bool, int, int]:
        named = asked.index(row.role) if row.role in asked else len(asked)
        return named, not row.is_preferred, place.get(row.role, len(ROLES)), row.pk

    return sorted(rows, key=key)[:FACTS]


def _asked_for(customer: Customer, as_of: date) -> list[str]:
    """The roles that the step of an open call names, in order."""
    calls = Task.objects.filter(customer=customer, kind="phone", status=Task.Status.OPEN, due_on__lte=as_of)
    named = calls.filter(planned_action__params__has_key="to").order_by("due_on", "id")
    return list(named.values_list("planned_action__params__to", flat=True).first() or [])


def _best_hour(customer: Customer, timezone: str) -> BestHour | None:
    rows = Attempt.objects.filter(customer=customer, channel="phone", direction="out", undone_on__isnull=True)
    calls = list(rows.exclude(outcome="POST").order_by("-id").values_list("made_at", "outcome")[:200])
    zone = ZoneInfo(timezone)
    tried = Counter(at.astimezone(zone).hour for at, _outcome in calls)
    answered = Counter(at.astimezone(zone).hour for at, outcome in calls if outcome not in NOBODY_THERE)
    if sum(answered.values()) < ENOUGH:
        return None
    hour = max(answered, key=lambda each: (answered[each] / tried[each], answered[each], -each))
    return BestHour(hour, answered[hour], tried[hour])


def _offers(user: User, as_of: date) -> list[Offer]:
    authority = next((AUTHORITIES[held.code] for held in profiles_of(user, as_of) if held.code in AUTHORITIES), None)
    if authority is None:
        return []
    limits = approval_limits(day=as_of)
    found = []
    for decision in OFFERS:
        ladder = [limit for limit in limits if limit.decision == decision]
        own = next((limit for limit in ladder if limit.authority == authority), None)
        above = [limit for limit in ladder if Authority.values.index(limit.authority) > _rank(authority)]
        if own or above:
            found.append(Offer(decision, own, above[0] if above else None))
    return found


def _rank(authority: str) -> int:
    return Authority.values.index(authority)
