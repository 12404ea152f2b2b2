"""What happened, in words people read: who did what to which customer, when, from where.

Tables: entry (append-only).
An entry is a verb code and its data; the sentence is made when it is shown, in the
reader's language. Rooms below and above insert; nobody updates.
"""
