"""What was reached of the targets, today: contacts and promises from what people recorded, cash from movements.

Team figures are shown by default, to who sees every customer: a sum over all customers would tell the others of
customers out of their sight. Figures of one person only where the tenant allows them (`Monitoring`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, F, Q, Sum

from spartito.access.models import User
from spartito.actions.models import Attempt
from spartito.platform.connection import connection
from spartito.portfolio.models import Movement
from spartito.portfolio.visibility import sees_everything
from spartito.worklist.direction import shows_single_persons
from spartito.worklist.models import Target
from spartito.worklist.rules import first_day

KEPT = 300  # seconds that sums of money are remembered


@dataclass
class Reached:
    """A target and how much of it was reached since the first day of its period. Cash in the tenant's currency."""

    target: Target
    since: date
    reached: Decimal

    @property
    def share(self) -> int:
        """Per cent, as a whole number; over 100 when more was reached."""
        return int(self.reached * 100 / self.target.amount) if self.target.amount else 0

    @property
    def drawn(self) -> int:
        return min(100, self.share)


def targets_in_force(as_of: date, *, person: int | None = None) -> list[Target]:
    """The team's targets (or one person's), the last set of each measure; ended ones left out. Internal."""
    rows = Target.objects.filter(user=person, valid_from__lte=as_of)
    last = rows.order_by("measure", "-valid_from", "-id").distinct("measure")
    return sorted(
        (each for each in last if each.amount > 0), key=lambda each: Target.Measure.values.index(each.measure)
    )


def team(user: User, as_of: date) -> list[Reached]:
    """The team's targets and what was reached; nothing for who does not see every customer."""
    if not sees_everything(user, as_of):
        return []
    return [_reached(target, as_of) for target in targets_in_force(as_of)]


def own(user: User, as_of: date) -> list[Reached]:
    """The user's own targets; nothing where the tenant does not allow figures of single persons."""
    if not shows_single_persons():
        return []
    return [_reached(target, as_of) for target in targets_in_force(as_of, person=user.pk)]


def of_persons(user: User, as_of: date) -> dict[int, list[Reached]]:
    """Every person's targets, for who directs the work; nothing where the tenant does not allow it."""
    if not (sees_everything(user, as_of) and shows_single_persons()):
        return {}
    rows = Target.objects.filter(user__isnull=False, valid_from__lte=as_of).select_related("user")
    last = rows.order_by("user", "measure", "-valid_from", "-id").distinct("user", "measure")
    found: dict[int, list[Reached]] = {}
    for target in last:
        if target.amount > 0 and target.user_id:
            found.setdefault(target.user_id, []).append(_reached(target, as_of))
    return found


def _reached(target: Target, as_of: date) -> Reached:
    since = first_day(target.period, as_of)
    if target.measure == Target.Measure.CASH:
        amount = _cash(since, as_of).get(target.user_id, Decimal(0))
    else:
        counted = _counted(since, as_of).get(target.user_id, {})
        amount = Decimal(counted.get(target.measure, 0))
    return Reached(target, since, amount)


def _counted(since: date, as_of: date) -> dict[int | None, dict[str, int]]:
    """Contacts (a customer once a day) and promises of each person, and under None of all, remembered for seconds."""
    key = f"counted:{since}:{as_of}"
    return cache.get_or_set(key, lambda: _count(since, as_of), 15) or {}


def _count(since: date, as_of: date) -> dict[int | None, dict[str, int]]:
    made = Attempt.objects.filter(made_on__range=(since, as_of), undone_on__isnull=True, direction="out")
    made = made.exclude(outcome="POST")
    sums: dict[int | None, dict[str, int]] = {None: {"contacts": 0, "promises": 0}}
    rows = made.values("user", "made_on").annotate(
        contacts=Count("customer", distinct=True), promises=Count("id", filter=Q(outcome="PDP"))
    )
    for row in rows.order_by():
        for whose in {row["user"], None}:
            mine = sums.setdefault(whose, {"contacts": 0, "promises": 0})
            mine["contacts"] += row["contacts"]
            mine["promises"] += row["promises"]
    return sums


def _cash(since: date, as_of: date) -> dict[int | None, Decimal]:
    """Money that came in for documents past their due date, by the customer's collector, and under None all of it."""
    key = f"cash:{since}:{as_of}"
    return cache.get_or_set(key, lambda: _sum_of_cash(since, as_of), KEPT) or {}


def _sum_of_cash(since: date, as_of: date) -> dict[int | None, Decimal]:
    rows = Movement.objects.filter(
        day__range=(since, as_of), cause__in=("paid", "unknown"), amount__lt=0, item__due_date__lt=F("day"),
        item__document_type__in=("invoice", "debit_note"), item__currency=connection.tenant.currency,
    )  # fmt: skip
    sums: dict[int | None, Decimal] = {None: Decimal(0)}
    for collector, amount in rows.values_list("item__customer__collector").annotate(sum=Sum("amount")).order_by():
        sums[None] -= amount
        if collector is not None:
            sums[collector] = -amount
    return sums
