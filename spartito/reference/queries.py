"""Reads of reference data. They tell nothing about customers, so they take no user."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from spartito.platform.errors import Refused
from spartito.reference.models import (
    ApprovalLimit,
    Bucket,
    Day,
    EffectiveDated,
    ExchangeRate,
    Fee,
    Holiday,
    LegalText,
    Rate,
)
from spartito.reference.rules import Rated, RateMissing, with_surcharge

COST_OF = "cost_"  # the kind of fee that a message by a channel costs: `cost_letter`


class NotKnown(Refused):
    """The reference data has no row for the day asked: a rate, a fee, a text or a calendar day."""


def in_force(rows: "QuerySet[EffectiveDated]", day: date) -> "QuerySet[EffectiveDated]":
    """Rows that hold on `day`, the latest first."""
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day).order_by(
        "-valid_from"
    )


def is_working(day: date) -> bool:
    return Day.objects.filter(day=day, is_working=True).exists()


def next_working_day(day: date) -> date:
    """`day` itself when it is one, else the first after it."""
    return _first_or_refuse(Day.objects.filter(day__gte=day, is_working=True).order_by("day"), day)


def add_working_days(day: date, count: int) -> date:
    """The n-th working day after `day`; before it when negative; 0 is `day` or the next working one."""
    if count == 0:
        return next_working_day(day)
    if count < 0:
        earlier = Day.objects.filter(day__lt=day, is_working=True).order_by("-day")
        return _first_or_refuse(earlier[-count - 1 : -count], day)
    number = working_number(day) + count
    return _first_or_refuse(Day.objects.filter(working_number=number, is_working=True), day)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    return working_number(end) - working_number(start)


def working_number(day: date) -> int:
    number = Day.objects.filter(day=day).values_list("working_number", flat=True).first()
    if number is None:
        raise NotKnown(_("%(day)s is outside the calendar") % {"day": day.isoformat()})
    return number


def _first_or_refuse(days: "QuerySet[Day]", asked: date) -> date:
    found = days.values_list("day", flat=True).first()
    if found is None:
        raise NotKnown(_("no working day is known from %(asked)s on") % {"asked": asked.isoformat()})
    return found


def holidays_of_year(year: int) -> "QuerySet[Day]":
    return Day.objects.filter(day__year=year).exclude(holiday="").order_by("day")


def patron_saint() -> Holiday | None:
    return Holiday.objects.filter(kind=Holiday.Kind.PATRON).first()


def buckets_on(day: date) -> list[Bucket]:
    """The ageing buckets in force on `day`, in order. Raises NotKnown."""
    start = in_force(Bucket.objects.all(), day).values_list("valid_from", flat=True).first()
    if start is None:
        raise NotKnown(_("no ageing buckets are in force on %(day)s") % {"day": day.isoformat()})
    return list(Bucket.objects.filter(valid_from=start).order_by("position"))


def rate_on(*, kind: str, day: date, country: str = "IT") -> Decimal:
    """Percent a year of a kind of rate on `day`. Raises NotKnown."""
    row = in_force(Rate.objects.filter(kind=kind, country=country), day).values_list("percent", flat=True).first()  # type: ignore[misc]
    if row is None:
        raise NotKnown(
            _("the rate %(kind)s is not known on %(day)s (%(country)s)")
            % {"kind": kind, "day": day.isoformat(), "country": country}
        )
    return row


def late_rates(*, until: date, contract_date: date | None = None, country: str = "IT") -> list[Rated]:
    """Rates of late interest between businesses: each semester's reference rate plus the contract's points.

    Without a contract date the surcharge of today's contracts holds. Raises NotKnown when the semester of
    `until` has no published rate. Source: D.Lgs. 231/2002 art. 5.
    """
    points = rate_on(kind="surcharge_231", day=contract_date or until, country=country)
    base = [
        Rated(start, percent)
        for start, percent in Rate.objects.filter(kind="ecb_main", country=country).values_list("valid_from", "percent")
    ]
    try:
        return with_surcharge(base, points, semesters_to=until)
    except RateMissing as missing:
        raise NotKnown(str(missing)) from missing


def legal_rates(*, country: str = "IT") -> list[Rated]:
    """Rates of legal interest, for consumers. A year without a decree keeps the rate of the year before."""
    rows = Rate.objects.filter(kind="legal", country=country).order_by("valid_from")
    return [Rated(start, percent) for start, percent in rows.values_list("valid_from", "percent")]


def fee_on(*, kind: str, day: date, country: str = "IT") -> Fee:
    """The flat amount in force on `day`. Raises NotKnown."""
    row = in_force(Fee.objects.filter(kind=kind, country=country), day).first()
    if not isinstance(row, Fee):
        raise NotKnown(
            _("the fee %(kind)s is not known on %(day)s (%(country)s)")
            % {"kind": kind, "day": day.isoformat(), "country": country}
        )
    return row


def message_costs(day: date) -> dict[str, Decimal]:
    """What a message by each channel costs on `day`, as far as it is known; in the tenant's currency."""
    rows = in_force(Fee.objects.filter(kind__startswith=COST_OF), day)
    return {row.kind.removeprefix(COST_OF): row.amount for row in reversed(list(rows)) if isinstance(row, Fee)}


def legal_text(*, key: str, language: str, day: date) -> str:
    """The citation in force on `day`. Raises NotKnown."""
    row = in_force(LegalText.objects.filter(key=key, language=language), day).first()
    if not isinstance(row, LegalText):
        raise NotKnown(
            _("the text %(key)s is not known in %(language)s on %(day)s")
            % {"key": key, "language": language, "day": day.isoformat()}
        )
    return row.text


def exchange_rate(*, currency: str, day: date) -> Decimal:
    """Units of `currency` for one unit of the tenant's currency. Raises NotKnown."""
    row = ExchangeRate.objects.filter(currency_id=currency, day__lte=day).order_by("-day").first()
    if row is None:
        raise NotKnown(
            _("no exchange rate of %(currency)s is known on %(day)s") % {"currency": currency, "day": day.isoformat()}
        )
    return row.rate


def exchange_rates(*, day: date) -> list[ExchangeRate]:
    """Of each foreign currency the rate that holds on `day`, by code."""
    known = ExchangeRate.objects.filter(day__lte=day).order_by("currency_id", "-day")
    return list(known.distinct("currency_id"))


def without_rate(currencies: Iterable[str], *, day: date, home: str) -> list[str]:
    """Those of these currencies that count one to one with `home`, the tenant's, for want of a rate on `day`."""
    known = {home, *(rate.currency_id for rate in exchange_rates(day=day))}
    return sorted(set(currencies) - known)


def approval_limits(*, day: date) -> list[Any]:
    """Who may decide what alone on `day`: of each decision and authority the latest row, in order of authority."""
    rows: QuerySet[Any] = in_force(ApprovalLimit.objects.all(), day).order_by("decision", "authority", "-valid_from")
    rank = {authority: place for place, authority in enumerate(ApprovalLimit.Authority.values)}
    return sorted(rows.distinct("decision", "authority"), key=lambda row: (row.decision, rank[row.authority]))
