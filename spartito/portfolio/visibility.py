"""The only predicate over customers: what a user's scopes and grants mean in rows.

An item's own salesperson, area, division and sector decide, else the customer's; collector, creditor and
class are the customer's. One open item in scope lets the customer be seen, and so does the customer itself.
`visible_to` (rows), `visible_in_order` (the first rows of an order), `visible_sql` (for steps and reports) and
`items_in_scope` say the same thing; a property test holds them against a row-by-row reading of the rule.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404

from spartito.access.models import OrgUnit, User
from spartito.access.permissions import remembered_scope
from spartito.access.profiles import Own
from spartito.access.visibility import UNIT_KEYS, View, Visible
from spartito.portfolio.models import CreditClass, Creditor, Customer, Item, Salesperson

# Which column of a customer (and, for the first four, of an item) a scope key speaks of.
ITEM_COLUMNS = {
    "salesperson": "salesperson_id",
    "area": "area_id",
    "division": "division_id",
    "sector": "sector_id",
}
CUSTOMER_COLUMNS = {"collector": "collector_id", "creditor": "creditor_id", "class": "credit_class_id"}
CLASSES_AT_LAW = ["CON", "PROC"]
HOLDS_AT_LAW = ["legal", "insolvency"]
Row = TypeVar("Row", bound=Model)


def visible_to(user: User, as_of: date) -> QuerySet[Customer]:
    """The customers that the user may see on a day."""
    visible = scope_of(user, as_of)
    if visible.everything:
        return Customer.objects.all()
    if visible.nothing:
        return Customer.objects.none()
    sql, params = _sql_of(visible, as_of)
    return Customer.objects.filter(pk__in=RawSQL(sql, params))  # noqa: S611  built from named columns only


def visible_in_order(user: User, as_of: date) -> QuerySet[Customer]:
    """The same customers as `visible_to`, each asked by itself: for lists that show the first of many.

    An index gives the rows in order and the reading ends with the last one shown; `visible_to` finds all of them first,
    which is quicker only for the few of one salesperson or collector.
    """
    visible = scope_of(user, as_of)
    if visible.everything or visible.nothing or any(_is_narrow(view) for view in visible.views):
        return visible_to(user, as_of)
    sql, params = _test_of(visible, as_of)
    return Customer.objects.filter(RawSQL(sql, params, output_field=BooleanField()))  # noqa: S611  as above


def _is_narrow(view: View) -> bool:
    return bool(view.own) or any(key in ("salesperson", "collector") for key, _ in view.keys)


def of_visible(rows: QuerySet[Row], *, user: User, as_of: date, by: str = "customer") -> QuerySet[Row]:
    """The rows whose customer (`by`) the user may see: what `customer__in=visible_to(…)` says, without reading customers."""
    visible = scope_of(user, as_of)
    if visible.everything:
        return rows
    if visible.nothing:
        return rows.none()
    sql, params = _sql_of(visible, as_of)
    return rows.filter(**{f"{by}_id__in": RawSQL(sql, params)})  # noqa: S611  as above


def visible_sql(user: User, as_of: date) -> tuple[str, list[Any]]:
    """A select of the ids that `visible_to` gives, and its parameters: `customer_id in (<sql>)`."""
    visible = scope_of(user, as_of)
    if visible.everything:
        return "select id from portfolio_customer", []
    if visible.nothing:
        return "select id from portfolio_customer where false", []
    return _sql_of(visible, as_of)


def visible_customer(user: User, as_of: date, pk: int) -> Customer:
    """One customer, or Http404: who may not see it does not learn that it exists."""
    found = visible_to(user, as_of).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def scope_of(user: User, as_of: date) -> Visible:
    """The user's scope, read once per user object and day."""
    return remembered_scope(user, as_of)


def sees_everything(user: User, as_of: date) -> bool:
    return scope_of(user, as_of).everything


def items_in_scope(user: User, as_of: date) -> QuerySet[Item]:
    """The items the user may see one by one; other items of a visible customer are shown as a total.

    The tenant's setting `show_other_items: whole` lifts that: see `queries.items_of`.
    """
    visible = scope_of(user, as_of)
    if visible.everything:
        return Item.objects.all()
    if visible.nothing:
        return Item.objects.none()
    found = Q(customer_id__in=visible.granted)
    for view in visible.views:
        narrow = narrow_of(view, visible.user_id)
        of_item = Q()
        for column, ids in narrow.on_item:
            of_item &= Q(**{f"{column}__in": ids}) | Q(**{f"{column}__isnull": True, f"customer__{column}__in": ids})
        for column, ids in narrow.on_customer:
            of_item &= Q(**{f"customer__{column}__in": ids})
        if view.at_law:
            of_item &= Q(customer_id__in=RawSQL(*_at_law(as_of)))  # noqa: S611
        found |= of_item
    return Item.objects.filter(found)


def row_in_scope_sql(user: User, as_of: date) -> tuple[str, list[Any]]:
    """A condition on one line of the ledger: `line` has the four columns of items, `customer` is its customer.

    Lines have the customer's value where the item has none, as in `portfolio_ageing`.
    """
    visible = scope_of(user, as_of)
    if visible.everything:
        return "true", []
    parts, params = ["line.customer_id = any(%s)"], [sorted(visible.granted)]
    for view in visible.views:
        narrow = narrow_of(view, visible.user_id)
        conditions = [f"line.{column} = any(%s)" for column, _ in narrow.on_item]
        conditions += [f"customer.{column} = any(%s)" for column, _ in narrow.on_customer]
        values: list[Any] = [ids for _, ids in (*narrow.on_item, *narrow.on_customer)]
        if view.at_law:
            law, law_values = _at_law(as_of)
            conditions.append(f"line.customer_id in ({law})")
            values += law_values
        parts.append("(" + " and ".join(conditions) + ")")
        params += values
    return " or ".join(parts), params


@dataclass(frozen=True, slots=True)
class Narrow:
    """A view with ids for codes: conditions on columns that an item may carry, and on the customer's own."""

    on_item: tuple[tuple[str, list[int]], ...]
    on_customer: tuple[tuple[str, list[int]], ...]


def narrow_of(view: View, user_id: int) -> Narrow:
    """Codes nobody carries become an empty list, which no row satisfies."""
    on_item = [(ITEM_COLUMNS[key], _ids(key, codes)) for key, codes in view.keys if key in ITEM_COLUMNS]
    on_customer = [(CUSTOMER_COLUMNS[key], _ids(key, codes)) for key, codes in view.keys if key in CUSTOMER_COLUMNS]
    if view.own is Own.COLLECTOR:
        on_customer.append(("collector_id", [user_id]))
    if view.own is Own.SALESPERSON:
        mine = Salesperson.objects.filter(user_id=user_id).values_list("pk", flat=True)
        on_item.append(("salesperson_id", list(mine)))
    return Narrow(tuple(on_item), tuple(on_customer))


def _ids(key: str, codes: frozenset[str]) -> list[int]:
    rows: QuerySet[Any]
    if key in UNIT_KEYS:
        rows = OrgUnit.objects.filter(kind=key, code__in=codes)
    elif key == "collector":
        rows = User.objects.filter(username__in=codes)
    else:
        model: Any = {"salesperson": Salesperson, "creditor": Creditor, "class": CreditClass}[key]
        rows = model.objects.filter(code__in=codes)
    return list(rows.values_list("pk", flat=True))


def _sql_of(visible: Visible, as_of: date) -> tuple[str, list[Any]]:
    """The union of one select a view and the customers lent."""
    parts: list[str] = []
    params: list[Any] = []
    for view in visible.views:
        sql, values = _sql_of_view(view, visible.user_id, as_of)
        parts.append(sql)
        params += values
    if visible.granted:
        parts.append("select id from portfolio_customer where id = any(%s)")
        params.append(sorted(visible.granted))
    return " union ".join(parts), params


def _sql_of_view(view: View, user_id: int, as_of: date) -> tuple[str, list[Any]]:
    """Customers in scope by themselves, and those with an open item in scope."""
    narrow = narrow_of(view, user_id)
    customer = [f"customer.{column} = any(%s)" for column, _ in narrow.on_customer]
    customer_values: list[Any] = [ids for _, ids in narrow.on_customer]
    if view.at_law:
        law, law_values = _at_law(as_of)
        customer.append(f"customer.id in ({law})")
        customer_values += law_values
    own = [f"customer.{column} = any(%s)" for column, _ in narrow.on_item]
    item_values: list[Any] = [ids for _, ids in narrow.on_item]
    by_itself = f"select customer.id from portfolio_customer as customer where {' and '.join([*own, *customer])}"
    if not narrow.on_item:
        return by_itself, customer_values
    on_items = " and ".join(f"ageing.{column} = any(%s)" for column, _ in narrow.on_item)
    by_items = f"select ageing.customer_id from portfolio_ageing as ageing where {on_items}"
    if customer:
        by_items = (
            "select ageing.customer_id from portfolio_ageing as ageing"
            " inner join portfolio_customer as customer on customer.id = ageing.customer_id"
            f" where {' and '.join([on_items, *customer])}"
        )
    return f"{by_itself} union {by_items}", [*item_values, *customer_values, *item_values, *customer_values]


def _test_of(visible: Visible, as_of: date) -> tuple[str, list[Any]]:
    """The scope as a condition on one row of `portfolio_customer`."""
    parts, params = ["portfolio_customer.id = any(%s)"], [sorted(visible.granted)]
    for view in visible.views:
        narrow = narrow_of(view, visible.user_id)
        conditions = [f"portfolio_customer.{column} = any(%s)" for column, _ in narrow.on_customer]
        values: list[Any] = [ids for _, ids in narrow.on_customer]
        if view.at_law:
            law, law_values = _at_law(as_of)
            conditions.append(f"portfolio_customer.id in ({law})")
            values += law_values
        if narrow.on_item:
            own = " and ".join(f"portfolio_customer.{column} = any(%s)" for column, _ in narrow.on_item)
            of_items = " and ".join(f"ageing.{column} = any(%s)" for column, _ in narrow.on_item)
            conditions.append(
                f"({own} or exists (select from portfolio_ageing as ageing"
                f" where ageing.customer_id = portfolio_customer.id and {of_items}))"
            )
            values += 2 * [ids for _, ids in narrow.on_item]
        parts.append("(" + " and ".join(conditions) + ")")
        params += values
    return " or ".join(parts), params


def _at_law(as_of: date) -> tuple[str, list[Any]]:
    """Ids of customers with a legal or insolvency hold, in a class at law, or proposed for the lawyers."""
    sql = (
        "select customer_id from portfolio_hold where kind = any(%s) and starts_on <= %s"
        " and (ends_on is null or ends_on >= %s) and (released_on is null or released_on > %s)"
        " union select held.id from portfolio_customer as held"
        " inner join portfolio_creditclass as class on class.id = held.credit_class_id where class.code = any(%s)"
        " union select id from portfolio_customer where legal_proposed_on <= %s"
    )
    return sql, [HOLDS_AT_LAW, as_of, as_of, as_of, CLASSES_AT_LAW, as_of]
