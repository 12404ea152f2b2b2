"""The due-date ledger: a calendar and a list of due dates, promises and planned contacts, which can be moved."""
