"""A named fact that a room offers to the conditions of policies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of one account. `expression` is SQL over `account` (a portfolio_customer) and the `joins` it names.

    `of`: "item" where it is a value of one open item of the account, so that `item` (a portfolio_item) may be named too.

    Joins that read many rows narrow themselves to `%(customers)s`, all customers of the accounts asked about; the day is
    `%(as_of)s`.
    `moves`: changes by itself as days pass and money comes; master data does not. `with_balances`: only on days on which
    something falls due, is paid, or a hold begins or ends.
    `room`: the one that offers it.
    Types: amount (tenant's currency), number, text (a code), yes_no. Labels are for people.
    """

    name: str
    type: str
    expression: str
    label_it: str
    label_en: str
    joins: str = ""
    unit: str = ""
    moves: bool = False
    with_balances: bool = False
    room: str = ""
    of: str = "account"
