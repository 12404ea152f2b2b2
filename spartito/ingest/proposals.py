"""A difference between the ERP and what a person corrected here, decided by a person: theirs or ours."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from spartito.access.models import OrgUnit, User
from spartito.ingest.models import Proposal
from spartito.platform.errors import Refused
from spartito.portfolio import operations
from spartito.portfolio.models import CreditClass, Customer, PaymentType, Salesperson

NAMES = {"customer_name": "name"}
MONEY = {"credit_limit", "insured_limit", "payable_balance"}
TRUTHS = {"dun_group", "is_consumer", "is_excluded"}
ROWS: dict[str, Any] = {"credit_class": CreditClass, "payment_type": PaymentType, "salesperson_code": Salesperson}
UNITS = {"area_code", "division_code", "sector_code"}
RELATIVES = {"payer_code", "parent_code"}


class ProposalRefused(Refused):
    """The difference was decided already, or its value can no longer be taken."""


def decide_proposal(
    *, user: User | None, customers: Sequence[int], as_of: date, proposal: int, accept: bool
) -> Proposal:
    """Takes the ERP's value for the customer's field (`accept`), or keeps ours. Raises ProposalRefused."""
    found = Proposal.objects.select_for_update(of=("self",)).filter(pk=proposal, customer_id__in=customers).first()
    if found is None or found.decided_on is not None:
        raise ProposalRefused(_("this difference was decided already"))
    if accept:
        _take(found, user=user, as_of=as_of)
    found.decided_on, found.decided_by, found.accepted = as_of, user, accept
    found.save(update_fields=["decided_on", "decided_by", "accepted"])
    return found


def _take(proposal: Proposal, *, user: User | None, as_of: date) -> None:
    who: dict[str, Any] = {"user": user, "customers": [proposal.customer_id], "as_of": as_of}
    field, text = proposal.field, proposal.proposed_value
    if field == "assigned_to":
        operations.assign_collector(**who, collector=_found(User.objects.filter(username=text), text) if text else None)
    elif field == "strategy_code":
        operations.set_strategy(**who, strategy=text)
    else:
        name = NAMES.get(field, field.removesuffix("_code"))
        operations.edit_customer(**who, **{name: _value(proposal, text)})


def _value(proposal: Proposal, text: str) -> Any:
    """The proposed text as the column takes it. Raises ProposalRefused when the row it names is gone."""
    field = proposal.field
    if field in TRUTHS:
        return text == "true"
    if field in MONEY:
        return Decimal(text) if text else None
    if not text and (field in ROWS or field in UNITS or field in RELATIVES):
        return None
    if field in ROWS:
        return _found(ROWS[field].objects.filter(code=text), text)
    if field in UNITS:
        return _found(OrgUnit.objects.filter(kind=field.removesuffix("_code"), code=text), text)
    if field in RELATIVES:
        creditor = Customer.objects.values("creditor").filter(pk=proposal.customer_id)
        return _found(Customer.objects.filter(creditor__in=creditor, code=text), text)
    return text


def _found(rows: Any, text: str) -> Any:
    row = rows.first()
    if row is None:
        raise ProposalRefused(_("%(value)s is no longer there") % {"value": text})
    return row
