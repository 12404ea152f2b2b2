"""Writes of the portfolio by people, one subject a file, and the seed of a new tenant.

Every operation on customers is `op(*, user, customers, as_of, …)`, is run by `cycle.act`, checks what the user
may, keeps the history of the rows it edits and writes one journal line that a person can read.
"""

from spartito.portfolio.operations.blocks import put_block, release_block, take_back_block
from spartito.portfolio.operations.contacts import end_contact, save_contact
from spartito.portfolio.operations.customers import (
    assign_collector,
    create_customer,
    edit_customer,
    propose_legal,
    retire_customer,
    set_strategy,
)
from spartito.portfolio.operations.foundation import PortfolioRefused, seed_tenant
from spartito.portfolio.operations.holds import extend_hold, put_hold, release_hold, take_back_hold
from spartito.portfolio.operations.masterdata import (
    edit_creditor,
    put_class,
    put_payment_type,
    retire_salesperson,
    save_salesperson,
)

__all__ = [
    "PortfolioRefused",
    "assign_collector",
    "create_customer",
    "edit_creditor",
    "edit_customer",
    "end_contact",
    "extend_hold",
    "propose_legal",
    "put_block",
    "put_class",
    "put_hold",
    "put_payment_type",
    "release_block",
    "release_hold",
    "retire_customer",
    "retire_salesperson",
    "save_contact",
    "save_salesperson",
    "seed_tenant",
    "set_strategy",
    "take_back_block",
    "take_back_hold",
]
