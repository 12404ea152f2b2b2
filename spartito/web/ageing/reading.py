"""What the ageing pages show: groups with the links behind their numbers, marks of where one is."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spartito.access.models import OrgUnit, User
from spartito.portfolio.models import CreditClass, Creditor, Salesperson
from spartito.portfolio.queries import ageing as ageing_of
from spartito.portfolio.queries import ageing_items
from spartito.portfolio.queries.ageing import KEPT
from spartito.web import labels
from spartito.web.templatetags.spartito import label

BY: list[tuple[str, str | Promise]] = [
    ("collector", gettext_lazy("Collector")),
    ("salesperson", gettext_lazy("Salesperson")),
    ("area", gettext_lazy("Area")),
    ("division", gettext_lazy("Division")),
    ("sector", gettext_lazy("Sector")),
    ("credit_class", gettext_lazy("Class")),
    ("creditor", gettext_lazy("Creditor")),
    ("customer", gettext_lazy("Customer")),
]
DUE: list[tuple[str, str | Promise]] = [("agreed", gettext_lazy("as agreed")), ("original", gettext_lazy("original"))]
NARROWED_BY = ("collector", "salesperson", "area", "division", "sector", "credit_class", "creditor", "customer")
WITHOUT = "-"  # in addresses: the group of those without one


@dataclass(frozen=True)
class Question:
    """What the page was asked: grouping, day, which due date, and the groups already entered."""

    by: str
    day: date
    due: str
    within: dict[str, str]
    as_kept: bool = False  # no day was named: as the last run left it

    def query(self, **changes: str) -> str:
        """The query string of this question with some values changed; an empty one is left out."""
        values = {"by": self.by, "date": self.day.isoformat(), "due": self.due, **self.within, **changes}
        return "?" + urlencode({key: value for key, value in values.items() if value})

    def narrowed(self) -> dict[str, str]:
        """`within` as the ledger takes it."""
        return {key: "" if value == WITHOUT else value for key, value in self.within.items()}


@dataclass(frozen=True)
class Group:
    """One line of the list. Amounts in the tenant's currency; `link` goes one level down."""

    key: str
    label: str
    total: Decimal
    overdue: Decimal
    items: int
    buckets: list[Decimal]
    keys: list[str]
    link: str
    items_link: str
    shows_key: bool = True

    @property
    def buckets_by_key(self) -> list[tuple[str, Decimal]]:
        return list(zip(self.keys, self.buckets, strict=True))

    @property
    def share(self) -> int:
        """Overdue per cent of the total, between 0 and 100."""
        return max(0, min(100, round(self.overdue * 100 / self.total))) if self.total > 0 else 0


@dataclass(frozen=True)
class Found:
    """`asked` names the day that is shown; `is_moving`: only some customers were brought to it yet."""

    asked: Question
    rows: list[Group]
    total: Group
    is_moving: bool


def groups(*, user: User, asked: Question, sort: str = "overdue", most: int | None = None) -> Found:
    """The groups, largest by `sort` first and at most `most`, and the total of all. Raises AgeingRefused."""
    report = ageing_of(
        user=user, as_of=asked.day, by=asked.by, due=asked.due, within=asked.narrowed(), sort=sort, limit=most,
        as_kept=asked.as_kept,
    )  # fmt: skip
    asked = replace(asked, day=report["date"])
    keys = report["buckets"]
    rows = [_group(row, keys, asked) for row in report["rows"]]
    total = {"key": "", "label": _("Total"), "id": None, **report["total"]}
    items = reverse("ageing_items") + asked.query()
    return Found(asked, rows, _made(total, keys, link="", items_link=items), report["is_moving"])


def _group(row: dict[str, Any], keys: list[str], asked: Question) -> Group:
    code = row["key"] or WITHOUT
    if not row["key"]:
        row = {**row, "label": _("none")}
    if row["key"] == KEPT:
        return _made(row, keys, link="", items_link="")
    within = {asked.by: code}
    items = reverse("ageing_items") + asked.query(**within)
    if asked.by == "customer":
        return _made(row, keys, link=reverse("customer", args=[row["id"]]), items_link=items)
    return _made(row, keys, link=reverse("ageing") + asked.query(**{"by": "customer", **within}), items_link=items)


def _made(row: dict[str, Any], keys: list[str], *, link: str, items_link: str) -> Group:
    return Group(
        key=row["key"],
        label=row["label"],
        total=row["total"],
        overdue=row["overdue"],
        items=row["items"],
        buckets=[row[key] for key in keys],
        keys=keys,
        link=link,
        items_link=items_link,
        shows_key=bool(row["key"]) and row["key"] not in (KEPT, row["label"]),
    )


def items(*, user: User, asked: Question, bucket: str, most: int) -> dict[str, Any]:
    """The items behind a number, with words for their state at the bank. Raises AgeingRefused."""
    found = ageing_items(user=user, as_of=asked.day, due=asked.due, within=asked.narrowed(), bucket=bucket, limit=most)
    for row in found["items"]:
        row["customer"] = row["customer_name"] or row["customer_code"]
        row["bank"] = str(labels.BANK.get(row["bank_status"], row["bank_status"]))
    return found


@dataclass(frozen=True)
class Mark:
    """A group that was entered: what it is called, and the way out of it."""

    kind: str | Promise
    label: str
    without: str


def marks(asked: Question) -> list[Mark]:
    return [Mark(dict(BY)[key], _name(key, code), asked.query(**{key: ""})) for key, code in asked.within.items()]


def _name(key: str, code: str) -> str:
    if code == WITHOUT:
        return _("none")
    models: dict[str, Any] = {"salesperson": Salesperson, "creditor": Creditor, "credit_class": CreditClass}
    if key == "collector":
        found: Any = User.objects.filter(username=code).first()
    elif key in models:
        found = models[key].objects.filter(code=code).first()
    elif key == "customer":
        return code
    else:
        found = OrgUnit.objects.filter(kind=key, code=code).first()
    return label(found) if found is not None and hasattr(found, "name_it") else str(found or code)
