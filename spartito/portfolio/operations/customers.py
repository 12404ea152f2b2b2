"""Customers: made, edited, given to a collector or a strategy, proposed for the lawyers, retired."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.access.operations import grant
from spartito.access.permissions import may
from spartito.journal.operations import write, write_for_each
from spartito.platform.history import by_hand
from spartito.portfolio.models import Creditor, Customer, Party
from spartito.portfolio.operations.foundation import PortfolioRefused, doubts_about, only_customer, require, set_values
from spartito.portfolio.visibility import visible_to

EDITABLE = {
    "name", "vat_number", "tax_code", "address", "postal_code", "city", "province", "country", "email", "pec",
    "phone", "credit_class", "rating", "is_consumer", "language", "payer", "parent", "dun_group", "salesperson",
    "area", "division", "sector", "payment_type", "payment_terms", "currency", "credit_limit", "insured_limit",
    "payable_balance", "is_excluded", "excluded_because",
}  # fmt: skip
FACTS_OF_ITEMS = {"salesperson", "area", "division", "sector", "credit_class"}


def create_customer(
    *,
    user: User | None,
    customers: Iterable[int] = (),
    as_of: date,
    creditor: Creditor,
    code: str,
    name: str,
    **values: Any,
) -> Customer:
    """A customer made by hand, written to at its own address. Raises PortfolioRefused when the code is taken."""
    require(user, as_of, "customers.edit")
    code = code.strip()
    if not code or not name.strip():
        raise PortfolioRefused(_("a customer needs a code and a name"))
    if Customer.objects.filter(creditor=creditor, code=code).exists():
        raise PortfolioRefused(_("%(creditor)s already has a customer %(code)s") % {"creditor": creditor, "code": code})
    with by_hand(user=user):
        made = Customer(creditor=creditor, code=code, created_on=as_of)
        changed = set_values(made, {"name": name, "country": creditor.country, **values}, allowed=EDITABLE)
        _check_relations(made)
        _mark(made, changed)
        made.save()
        made.account = made.payer or (made.parent if made.parent and made.parent.dun_group else made)
        link_party(made)
        made.save()
        write(business_date=as_of, verb="customer.created", customer=made.pk, user=user, data={"code": code})
    return made


def edit_customer(
    *, user: User | None, customers: Iterable[int], as_of: date, **values: Any
) -> tuple[Customer, list[str]]:
    """Changes fields; returns the customer and doubts about VAT number, tax code and addresses (never a refusal)."""
    require(user, as_of, "customers.edit")
    customer = only_customer(customers)
    with by_hand(user=user):
        changed = set_values(customer, values, allowed=EDITABLE)
        _check_relations(customer)
        if changed:
            _mark(customer, changed)
            link_party(customer)
            customer.save()
            data = {"changed": changed}
            write(business_date=as_of, verb="customer.edited", customer=customer.pk, user=user, data=data)
    return customer, doubts_about(customer)


def retire_customer(
    *, user: User | None, customers: Iterable[int], as_of: date, because: str = "", back: bool = False
) -> Customer:
    """Hides a customer from lists and choices (`back` brings it back); open items forbid it."""
    require(user, as_of, "customers.edit")
    customer = only_customer(customers)
    if not back and customer.items.filter(closed_on__isnull=True).exclude(open_amount=0).exists():
        raise PortfolioRefused(_("%(customer)s still has open items") % {"customer": customer})
    with by_hand(user=user):
        customer.retired_on = None if back else as_of
        customer.save()
        verb = "customer.restored" if back else "customer.retired"
        write(business_date=as_of, verb=verb, customer=customer.pk, user=user, data={"because": because})
    return customer


def assign_collector(
    *, user: User | None, customers: Iterable[int], as_of: date, collector: User | None, because: str = ""
) -> int:
    """Gives customers to a collector (None: to nobody by name); lends those outside the collector's scope."""
    require(user, as_of, "customers.assign")
    if collector is not None and not collector.is_active:
        raise PortfolioRefused(_("%(collector)s is no longer active") % {"collector": collector})
    if collector is not None and not may(collector, "tasks.work", as_of):
        raise PortfolioRefused(_("%(collector)s may not work tasks") % {"collector": collector})
    moving = list(Customer.objects.filter(pk__in=list(customers)).select_related("collector"))
    moving = [customer for customer in moving if customer.collector_id != getattr(collector, "pk", None)]
    with by_hand(user=user):
        for customer in moving:
            before, customer.collector = customer.collector, collector
            customer.save(update_fields=["collector"])
            data = {"collector": str(collector or ""), "before": str(before or ""), "because": because}
            write(business_date=as_of, verb="customer.assigned", customer=customer.pk, user=user, data=data)
        if collector is not None:
            _lend_unseen([customer.pk for customer in moving], to=collector, user=user, as_of=as_of)
    return len(moving)


def _lend_unseen(customers: list[int], *, to: User, user: User | None, as_of: date) -> None:
    seen = visible_to(to, as_of).filter(pk__in=customers).values_list("pk", flat=True)
    unseen = set(customers) - set(seen)
    if unseen:
        grant(user=user, customers=unseen, as_of=as_of, to=to, because="assigned as collector")


def set_strategy(*, user: User | None, customers: Iterable[int], as_of: date, strategy: str, because: str = "") -> int:
    """Names a strategy by hand ('' leaves the choice to the rules)."""
    require(user, as_of, "customers.edit")
    with by_hand(user=user):
        moving = Customer.objects.filter(pk__in=list(customers)).exclude(strategy_code=strategy)
        pks = list(moving.values_list("pk", flat=True))
        Customer.objects.filter(pk__in=pks).update(strategy_code=strategy)
        data = {"strategy": strategy, "because": because}
        write_for_each(pks, business_date=as_of, verb="customer.strategy_set", user=user, data=data)
    return len(pks)


def propose_legal(
    *, user: User | None, customers: Iterable[int], as_of: date, because: str = "", withdraw: bool = False
) -> int:
    """Shows customers to the lawyers as proposed, or takes the proposal back."""
    require(user, as_of, "holds.put")
    with by_hand(user=user):
        found = Customer.objects.filter(pk__in=list(customers), legal_proposed_on__isnull=not withdraw)
        pks = list(found.values_list("pk", flat=True))
        Customer.objects.filter(pk__in=pks).update(legal_proposed_on=None if withdraw else as_of)
        verb = "legal.proposal_withdrawn" if withdraw else "legal.proposed"
        write_for_each(pks, business_date=as_of, verb=verb, user=user, data={"because": because})
    return len(pks)


def link_party(customer: Customer) -> None:
    """Ties the customer to the debtor of its VAT number, else of its tax code; makes that debtor when it is new."""
    country = customer.country or customer.creditor.country or "IT"
    vat, tax = customer.vat_number, customer.tax_code
    if not vat and not tax:
        customer.party = None
    elif vat:
        defaults = {"name": customer.name, "tax_code": tax}
        customer.party, _is_new = Party.objects.get_or_create(country=country, vat_number=vat, defaults=defaults)
    else:
        defaults = {"name": customer.name}
        customer.party, _is_new = Party.objects.get_or_create(
            country=country, vat_number="", tax_code=tax, defaults=defaults
        )


def _mark(customer: Customer, changed: dict[str, Any]) -> None:
    """Remembers which facts no longer follow the latest item."""
    customer.master_facts.update(dict.fromkeys(FACTS_OF_ITEMS & set(changed), "m"))


def _check_relations(customer: Customer) -> None:
    for name in ("payer", "parent"):
        other = getattr(customer, name)
        if other is None:
            continue
        if other.creditor_id != customer.creditor_id:
            raise PortfolioRefused(
                _("%(name)s: %(other)s is a customer of another creditor") % {"name": name, "other": other}
            )
        if other.pk == customer.pk:
            raise PortfolioRefused(_("%(name)s: a customer is not its own %(name_2)s") % {"name": name, "name_2": name})
    if customer.is_excluded and not customer.excluded_because.strip():
        raise PortfolioRefused(_("excluded_because: say why the customer is excluded from dunning"))
