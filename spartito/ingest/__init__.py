"""Files from other systems, read, judged row by row, and merged into the portfolio.

Tables: batch, mapping, reject, change (what undo restores), proposal (a person's correction
against the ERP's value), fieldowner, watchedfile; staging tables live for one import only.
Words: a *snapshot* is the whole open ledger of its creditors, a *delta* only what changed;
a *fingerprint* is the hash of a source row.
"""
