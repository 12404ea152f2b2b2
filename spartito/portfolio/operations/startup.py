"""Start-up of a creditor (design section 5): the overdue stock is sorted customer by customer, then messages may leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.journal.models import Entry
from spartito.journal.operations import write, write_for_each
from spartito.platform.history import by_hand
from spartito.portfolio.models import Creditor, Hold
from spartito.portfolio.operations.foundation import PortfolioRefused, require
from spartito.portfolio.operations.holds import put_hold

# What the stock is sorted into, and the hold that says so (late: none, reminders go on).
KINDS = {
    "late": "",
    "disputed": "dispute",
    "promised": "promise",
    "legal": "legal",
    "insolvent": "insolvency",
    "write_off": "manual",
    "unknown": "manual",
}
SOURCE = "start_up"
SORTED = "customer.sorted"


@dataclass(frozen=True)
class Sorting:
    """Where a customer's overdue stock belongs; `until`: the day promised (only then)."""

    kind: str
    until: date | None = None
    because: str = ""


def sort_stock(
    *, user: User | None, customers: Iterable[int], as_of: date, sortings: Mapping[int, Sorting]
) -> dict[str, int]:
    """Puts the holds of these sortings, in place of what an earlier sorting put; returns how many of each kind.

    Only `customers` are sorted. Raises PortfolioRefused.
    """
    require(user, as_of, "masterdata.edit")
    groups: dict[Sorting, list[int]] = {}
    for customer in customers:
        if customer in sortings:
            groups.setdefault(sortings[customer], []).append(customer)
    counts = dict.fromkeys(KINDS, 0)
    for sorting, members in groups.items():
        _sort(sorting, members, user=user, as_of=as_of)
        counts[sorting.kind] += len(members)
    return counts


def _sort(sorting: Sorting, customers: list[int], *, user: User | None, as_of: date) -> None:
    if sorting.kind not in KINDS:
        raise PortfolioRefused(
            _("kind %(kind)s is not one of %(kinds)s") % {"kind": repr(sorting.kind), "kinds": ", ".join(KINDS)}
        )
    with by_hand(user=user):
        for hold in Hold.objects.filter(customer__in=customers, source=SOURCE, released_on__isnull=True):
            hold.released_on, hold.released_by, hold.release_reason = as_of, user, "sorted again"
            hold.save()
    if hold_kind := KINDS[sorting.kind]:
        put_hold(
            user=user, customers=customers, as_of=as_of, kind=hold_kind, because=sorting.because or sorting.kind,
            ends_on=sorting.until if sorting.kind == "promised" else None, source=SOURCE,
        )  # fmt: skip
    data = {"as": sorting.kind, "until": sorting.until, "because": sorting.because}
    write_for_each(customers, business_date=as_of, verb=SORTED, user=user, data=data)


def lift_start_up(*, user: User | None, customers: Iterable[int], as_of: date, creditor: int) -> Creditor:
    """From now on the creditor's messages may leave. `customers`: whose waiting messages are looked at at once."""
    require(user, as_of, "masterdata.edit")
    found = Creditor.objects.filter(pk=creditor, in_start_up=True).first()
    if found is None:
        raise PortfolioRefused(_("this creditor is not in start-up"))
    with by_hand(user=user):
        found.in_start_up = False
        found.save(update_fields=["in_start_up"])
    write(business_date=as_of, verb="creditor.started", user=user, data={"creditor": found.code})
    return found


def sorted_customers(*, customers: Iterable[int]) -> dict[int, str]:
    """How these customers were sorted last, by id."""
    rows = Entry.objects.filter(customer_id__in=list(customers), verb=SORTED).order_by("customer_id", "-id")
    return {entry.customer_id: entry.data.get("as", "") for entry in rows.distinct("customer_id") if entry.customer_id}
