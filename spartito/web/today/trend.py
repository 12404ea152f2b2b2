"""How open and overdue amounts went, month by month, from the movements of the documents this reader sees."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.db import connection

from spartito.access.models import User
from spartito.portfolio.visibility import visible_sql

MONTHS = 13
KEPT = 900  # seconds
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 240, 56, 8, 12, 26

# What becomes overdue on a day is a movement counted from that day, or from the day after the due date if later.
SUMS = """
select
    greatest(date_trunc('month', counted.day)::date, %(first)s) as month,
    sum(counted.amount) filter (where counted.what = 'open') as open,
    sum(counted.amount) filter (where counted.what = 'overdue') as overdue
from portfolio_movement as movement
inner join portfolio_item as item on item.id = movement.item_id
cross join lateral (
    values ('open', movement.day, movement.amount), ('overdue', greatest(movement.day, item.due_date + 1), movement.amount)
) as counted (what, day, amount)
where item.document_type in ('invoice', 'debit_note')
    and item.currency = %(currency)s
    and counted.day <= %(as_of)s
    and item.customer_id in ({visible})
group by 1
order by 1
"""


@dataclass
class Point:
    """The end of a month (the last one: today). Amounts in the tenant's currency."""

    day: date
    open: Decimal
    overdue: Decimal

    @property
    def share(self) -> Decimal:
        return self.overdue * 100 / self.open if self.open > 0 else Decimal(0)


def points(user: User, as_of: date, *, currency: str) -> list[Point]:
    """The last thirteen month ends, each from all that moved up to it."""
    key = f"trend:{user.pk}:{as_of}:{currency}"
    found: list[Point] | None = cache.get(key)
    if found is None:
        found = _read(user, as_of, currency)
        cache.set(key, found, KEPT)
    return found


def _read(user: User, as_of: date, currency: str) -> list[Point]:
    first = as_of.replace(day=1) - relativedelta(months=MONTHS - 1)
    visible, values = visible_sql(user, as_of)
    named = {f"v{place}": value for place, value in enumerate(values)}
    visible = visible.replace("%s", "{}").format(*(f"%({name})s" for name in named)) if values else visible
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(visible=visible), {"first": first, "currency": currency, "as_of": as_of, **named})
        sums = {month: (open_ or Decimal(0), overdue or Decimal(0)) for month, open_, overdue in cursor.fetchall()}
    found, total, late = [], Decimal(0), Decimal(0)
    for month in (first + relativedelta(months=n) for n in range(MONTHS)):
        moved = sums.get(month, (Decimal(0), Decimal(0)))
        total, late = total + moved[0], late + moved[1]
        found.append(Point(min(month + relativedelta(months=1) - timedelta(days=1), as_of), total, late))
    return found


def drawn(user: User, as_of: date, *, currency: str) -> dict[str, Any]:
    """The points, and the two lines as SVG coordinates."""
    found = points(user, as_of, currency=currency)
    top = _round_top(max([point.open for point in found] + [Decimal(1)]))
    step = Decimal(WIDTH - LEFT - RIGHT) / (MONTHS - 1)

    def y(amount: Decimal) -> str:
        return f"{TOP + (HEIGHT - TOP - BOTTOM) * (1 - max(amount, Decimal(0)) / top):.1f}"

    xs = [f"{LEFT + step * place:.1f}" for place in range(len(found))]
    return {
        "points": [{"point": p, "x": x, "y": y(p.overdue)} for p, x in zip(found, xs, strict=True)],
        "open_line": " ".join(f"{x},{y(p.open)}" for p, x in zip(found, xs, strict=True)),
        "overdue_line": " ".join(f"{x},{y(p.overdue)}" for p, x in zip(found, xs, strict=True)),
        "grid": [{"y": y(top * part / 4), "amount": top * part / 4} for part in range(5)],
        "currency": currency,
    }


def _round_top(highest: Decimal) -> Decimal:
    """The least round amount (1, 2, 4, 6, 8 or 10 times a power of ten) not below the highest."""
    unit = Decimal(10) ** highest.adjusted()
    return next(unit * times for times in (1, 2, 4, 6, 8, 10) if unit * times >= highest)
