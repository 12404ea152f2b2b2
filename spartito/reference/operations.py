"""Writes of reference data: the seeds of a new tenant, and what a person changes later."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.platform.errors import Refused
from spartito.platform.history import by_hand
from spartito.reference import seeds
from spartito.reference.models import (
    ApprovalLimit,
    Bucket,
    Currency,
    Day,
    EffectiveDated,
    ExchangeRate,
    Fee,
    Holiday,
    LegalText,
    Province,
    Rate,
)

SOURCE_BUCKETS = "Spartito"
LEGAL_TEXT_SOURCE = "D.Lgs. 231/2002; codice civile artt. 1219, 1284, 2943"


class ReferenceRefused(Refused):
    """A holiday, rate or bucket that cannot be: bad day, no source, overlapping limits."""


def seed_tenant(*, tenant) -> None:  # type: ignore[no-untyped-def]
    """Calendar of the tenant's country, buckets, currencies, rates, fees, texts, provinces. Running it again adds nothing."""
    if Day.objects.exists():
        return
    rebuild_calendar(country=tenant.country, language=tenant.language)
    _seed_buckets_and_currencies()
    _seed_rates()
    _seed_approval_limits()
    Province.objects.bulk_create(
        Province(code=code, name=name, region=region) for code, name, region in seeds.provinces()
    )


def _seed_buckets_and_currencies() -> None:
    Bucket.objects.bulk_create(
        Bucket(valid_from=seeds.FIRST_DAY, source=SOURCE_BUCKETS, position=position, key=key, lower=lower, upper=upper)
        for position, (key, lower, upper) in enumerate(seeds.BUCKETS)
    )
    Currency.objects.bulk_create(
        Currency(code=code, name=name, minor_digits=digits) for code, name, digits in seeds.currencies()
    )


def _seed_rates() -> None:
    """The Italian rates of domain 2.2 and 2.3: the law of the debt decides, wherever the tenant is."""
    rates = [
        Rate(kind="ecb_main", valid_from=start, valid_until=end, percent=percent, source=source)
        for start, end, percent, source in seeds.ecb_rates()
    ]
    rates += [
        Rate(kind="legal", valid_from=start, percent=Decimal(percent), source=seeds.LEGAL)
        for start, percent in seeds.LEGAL_RATES.items()
    ]
    rates += [
        Rate(kind="surcharge_231", valid_from=start, percent=points, source=source)
        for start, points, source in seeds.SURCHARGES
    ]
    Rate.objects.bulk_create(rates)
    Fee.objects.bulk_create(
        Fee(kind=kind, valid_from=start, amount=amount, source=source) for kind, start, amount, source in seeds.FEES
    )
    Fee.objects.bulk_create(
        Fee(kind=f"cost_{channel}", valid_from=seeds.FIRST_DAY, amount=amount, source=seeds.COST_SOURCE)
        for channel, amount in seeds.MESSAGE_COSTS.items()
    )
    LegalText.objects.bulk_create(
        LegalText(key=key, language=language, text=text, valid_from=date(2013, 1, 1), source=LEGAL_TEXT_SOURCE)
        for key, texts in seeds.LEGAL_TEXTS.items()
        for language, text in texts.items()
    )


def _seed_approval_limits() -> None:
    """The default limits of domain 11; an authority that is not named decides nothing of the kind."""
    ApprovalLimit.objects.bulk_create(
        ApprovalLimit(
            decision=decision,
            authority=authority,
            amount=None if amount is None else Decimal(amount),
            months=months,
            days=days,
            valid_from=seeds.FIRST_DAY,
            source=seeds.APPROVAL_LIMITS_SOURCE,
        )
        for decision, authority, amount, months, days in seeds.APPROVAL_LIMITS
    )


def rebuild_calendar(*, country: str, language: str) -> None:
    """Makes every day anew from the country's holidays and the tenant's own, in one statement."""
    names = dict(seeds.country_holidays(country, language))
    names.update(_own_holidays())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from reference_day")
        cursor.execute(
            """
            with named_holidays as (
                select * from unnest(%(days)s::date[], %(names)s::text[]) as holidays(day, name)
            ), every_day as (
                select
                    day::date as day,
                    extract(isodow from day) < 6 and named_holidays.day is null as is_working,
                    coalesce(left(named_holidays.name, 80), '') as holiday
                from generate_series(%(first)s::date, %(last)s::date, interval '1 day') as series(day)
                left join named_holidays using (day)
            )
            insert into reference_day (day, is_working, holiday, working_number)
            select day, is_working, holiday, count(*) filter (where is_working) over (order by day)
            from every_day
            """,
            {
                "days": list(names),
                "names": list(names.values()),
                "first": seeds.FIRST_DAY,
                "last": seeds.LAST_DAY,
            },
        )


def _own_holidays() -> Mapping[date, str]:
    """The tenant's own days, year by year; 29 February only where there is one."""
    own = {}
    for holiday in Holiday.objects.all():
        years = [holiday.year] if holiday.year else range(seeds.FIRST_DAY.year, seeds.LAST_DAY.year + 1)
        for year in years:
            try:
                own[date(year, holiday.month, holiday.day)] = holiday.name
            except ValueError:
                continue
    return own


@transaction.atomic
def set_patron_saint(*, user: User | None = None, tenant, month: int, day: int, name: str) -> None:  # type: ignore[no-untyped-def]
    """The holiday of the tenant's town, every year; replaces the one before. Raises ReferenceRefused."""
    _check_day(2000, month, day, name)
    with by_hand(user=user):
        Holiday.objects.filter(kind=Holiday.Kind.PATRON).delete()
        Holiday.objects.update_or_create(
            month=month, day=day, year=None, defaults={"kind": Holiday.Kind.PATRON, "name": name}
        )
    rebuild_calendar(country=tenant.country, language=tenant.language)


@transaction.atomic
def add_holiday(*, user: User | None = None, tenant, day: date, name: str) -> None:  # type: ignore[no-untyped-def]
    """One day on which the company does not work. Raises ReferenceRefused."""
    _check_day(day.year, day.month, day.day, name)
    with by_hand(user=user):
        Holiday.objects.update_or_create(
            month=day.month, day=day.day, year=day.year, defaults={"kind": Holiday.Kind.CLOSING, "name": name}
        )
    rebuild_calendar(country=tenant.country, language=tenant.language)


@transaction.atomic
def remove_holiday(*, user: User | None = None, tenant, holiday: int) -> None:  # type: ignore[no-untyped-def]
    """Takes back a holiday of the tenant's own (not one of its country)."""
    with by_hand(user=user):
        Holiday.objects.filter(pk=holiday).delete()
    rebuild_calendar(country=tenant.country, language=tenant.language)


def _check_day(year: int, month: int, day: int, name: str) -> None:
    if not name.strip():
        raise ReferenceRefused(_("a holiday needs a name"))
    try:
        found = date(year, month, day)
    except ValueError:
        raise ReferenceRefused(
            _("there is no day %(day)s/%(month)s") % {"day": f"{day:02}", "month": f"{month:02}"}
        ) from None
    if not seeds.FIRST_DAY <= found <= seeds.LAST_DAY:
        raise ReferenceRefused(_("%(found)s is outside the calendar") % {"found": found.isoformat()})


def set_rate(
    *, user: User | None = None, kind: str, valid_from: date, percent: Decimal, source: str, country: str = "IT"
) -> Rate:
    """A rate that holds from a day on; closes the open one before it. Raises ReferenceRefused."""
    if not source.strip():
        raise ReferenceRefused(
            _("the rate %(kind)s from %(valid_from)s needs a source")
            % {"kind": kind, "valid_from": valid_from.isoformat()}
        )
    if not -10 <= percent <= 100:
        raise ReferenceRefused(_("%(percent)s percent is not a believable rate") % {"percent": percent})
    rows = Rate.objects.filter(kind=kind, country=country)
    with by_hand(user=user):
        return _put(Rate, rows, valid_from=valid_from, source=source, kind=kind, country=country, percent=percent)


def set_fee(
    *, user: User | None = None, kind: str, valid_from: date, amount: Decimal, source: str, country: str = "IT"
) -> Fee:
    """A flat amount that holds from a day on. Raises ReferenceRefused."""
    if not source.strip() or amount < 0:
        raise ReferenceRefused(_("the fee %(kind)s needs a source and an amount from 0 up") % {"kind": kind})
    rows = Fee.objects.filter(kind=kind, country=country)
    with by_hand(user=user):
        return _put(Fee, rows, valid_from=valid_from, source=source, kind=kind, country=country, amount=amount)


@transaction.atomic
def _put(model, rows, *, valid_from: date, **values):  # type: ignore[no-untyped-def]
    """Replaces the row of that day, or ends the one before and adds it."""
    later = rows.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    rows.filter(valid_from=valid_from).delete()
    before: EffectiveDated | None = rows.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    if before is not None and (before.valid_until is None or before.valid_until >= valid_from):
        before.valid_until = valid_from - timedelta(days=1)
        before.save()
    until = later.valid_from - timedelta(days=1) if later else None
    return model.objects.create(valid_from=valid_from, valid_until=until, **values)


@transaction.atomic
def set_buckets(*, user: User | None = None, valid_from: date, limits: list[int]) -> None:
    """New ageing buckets from a day on, by their upper limits in days (30, 60, 90 …). Raises ReferenceRefused."""
    if not limits or limits != sorted(set(limits)) or limits[0] < 1:
        raise ReferenceRefused(_("limits must be days from 1 up, each greater than the one before"))
    with by_hand(user=user):
        Bucket.objects.filter(valid_from=valid_from).delete()
        Bucket.objects.filter(valid_from__lt=valid_from, valid_until__isnull=True).update(
            valid_until=valid_from - timedelta(days=1)
        )
        lowers = [1, *[limit + 1 for limit in limits]]
        rows: list[tuple[str, int | None, int | None]] = [("not_due", None, 0)]
        rows += [(f"{lower}-{upper}", lower, upper) for lower, upper in zip(lowers, limits, strict=False)]
        rows.append((f"over_{limits[-1]}", limits[-1] + 1, None))
        Bucket.objects.bulk_create(
            Bucket(valid_from=valid_from, source=SOURCE_BUCKETS, position=position, key=key, lower=lower, upper=upper)
            for position, (key, lower, upper) in enumerate(rows)
        )


def set_exchange_rate(
    *, user: User | None = None, currency: str, day: date, rate: Decimal, source: str
) -> ExchangeRate:
    """Units of `currency` for one unit of the tenant's currency from `day` on. Raises ReferenceRefused."""
    if rate <= 0 or not Currency.objects.filter(pk=currency).exists():
        raise ReferenceRefused(
            _("%(currency)s is not a known currency, or %(rate)s is not above 0") % {"currency": currency, "rate": rate}
        )
    with by_hand(user=user):
        return ExchangeRate.objects.update_or_create(
            currency_id=currency, day=day, defaults={"rate": rate, "source": source}
        )[0]
