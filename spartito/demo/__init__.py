"""The demo: an invented Italian company and, where its data is found, a real history of late payments.

Nothing here inserts decisions. `company` and `trade` invent customers and what they buy and pay;
`files` writes it as the canonical files that any ERP would send; `adriatica` and `late_payments` put
those files through the same doors as everybody's (imports, users, replay), so that what the demo
shows was done by the product. No tables; the words are those of `docs/reference/files.md`.
Everything is seeded: the same seed and day give the same company.
"""
