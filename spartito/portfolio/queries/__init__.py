"""Reads of the portfolio. Every public one takes `user` and starts from `visible_to`, or says that it is internal."""

from spartito.portfolio.queries.ageing import ageing
from spartito.portfolio.queries.ageing_items import ageing_items
from spartito.portfolio.queries.currencies import currencies_at_par
from spartito.portfolio.queries.customers import (
    codes_on_the_command_line,
    customer_by_code,
    find_customers,
    search,
    worst_first,
)
from spartito.portfolio.queries.statement import contacts_of, holds_of, payments_of, position_of, statement

__all__ = [
    "ageing",
    "ageing_items",
    "codes_on_the_command_line",
    "contacts_of",
    "currencies_at_par",
    "customer_by_code",
    "find_customers",
    "holds_of",
    "payments_of",
    "position_of",
    "search",
    "statement",
    "worst_first",
]
