"""Tables that rooms above their owner may write in SQL: which rooms, and why. All else goes through the owner's functions.

A table is offered where news flows down as facts by the thousand: insert-only, or by its key; its
constraints guard it whoever writes.
"""

ANYONE = "*"

OFFERS: dict[str, tuple[set[str], str]] = {
    "journal_entry": ({ANYONE}, "insert-only: what was done to a customer, in words"),
    "actions_plannedaction": (
        {"strategies"},
        "strategies decide by inserting planned actions, and date those that waited; actions carries them out",
    ),
    "actions_actionitem": ({"strategies"}, "the items of a planned action, inserted with it; what of it moved"),
    "actions_message": ({"communications"}, "a message's state on its way out: composed, held, sent, withdrawn"),
    "actions_task": ({"worklist"}, "whose task it is, and when it is done"),
    "portfolio_block": ({"actions"}, "an order block that a step raised"),
    "portfolio_hold": ({"ingest", "actions"}, "what a file or an outcome says about an item holds it"),
    "portfolio_movement": ({"ingest"}, "insert-only: every change of a balance, whoever brings it"),
    # A file of a million rows is merged in SQL, or not at all in the time there is.
    "portfolio_creditor": ({"ingest"}, "unknown creditors are made from their codes; how fresh the ledger is"),
    "portfolio_party": ({"ingest"}, "unknown parties are made from their tax numbers"),
    "portfolio_salesperson": ({"ingest"}, "unknown salespeople are made from their codes"),
    "portfolio_customer": ({"ingest", "actions"}, "merged from files; a step proposes it to the lawyers"),
    "portfolio_contact": ({"ingest"}, "merged from files"),
    "portfolio_item": ({"ingest"}, "merged from files"),
    "portfolio_payment": ({"ingest"}, "merged from files"),
    "portfolio_allocation": ({"ingest"}, "merged from files"),
    "access_orgunit": ({"ingest"}, "unknown areas, divisions and sectors are made from their codes"),
}

# Rooms whose steps work on one thing that is not a set of customers.
NOT_BY_CUSTOMER = {"ingest": "the rows of one batch"}


def may_write(room: str, table: str) -> bool:
    rooms, _why = OFFERS.get(table, (set(), ""))
    return room in rooms or ANYONE in rooms
