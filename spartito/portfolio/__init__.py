"""The open ledger and who owes it.

Tables: creditor, party, customer, contact, salesperson, creditclass, paymenttype, item,
movement, payment, allocation, hold, block, position, ageing.
Words: a *customer* is a debtor of one creditor; an *account* is who is written to (the
customer, its payer, or its parent); an *item* (partita) is one due date of a document;
a *movement* is one dated change of an item's open amount, and the only source of balances.
`item.open_amount`, `closed_on` and `closing_cause` are the movements up to the business
date, kept by `steps/settle_movements.sql`; positions and ageing are kept by step 1 of the cycle.
"""
