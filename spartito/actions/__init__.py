"""Between deciding and doing: what was planned, for which items, and what came of it.

Tables: plannedaction, actionitem, task, attempt, message, outcomecode.
Words: a *planned action* is a contact or a measure decided for an account on a day; its
items *moved* (reached that step) or are *mentioned*; a *task* is work for a person, a
*message* leaves by a channel; an *attempt* is one try to reach someone; withdrawn is
not taken. This room refuses nothing: holds and limits were decided above.
"""
