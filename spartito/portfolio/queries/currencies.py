"""In which currencies the ledger stands open."""

from datetime import date

from spartito.portfolio.models import Item
from spartito.reference.queries import without_rate


def currencies_at_par(*, as_of: date, home: str) -> list[str]:
    """Currencies of open items that count one to one with `home`, the tenant's, for want of a rate on `as_of`.

    Reads every open item: ask seldom. Internal: gives codes, of nobody.
    """
    used = Item.objects.filter(closed_on=None).order_by().values_list("currency", flat=True).distinct()
    return without_rate(used, day=as_of, home=home)
