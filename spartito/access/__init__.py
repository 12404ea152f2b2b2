"""Who may enter, as what, and which rows are theirs.

Tables: user, assignment (a profile held from a day to a day), scope (KEY=CODE of an
assignment), grant (one customer lent to one user, because), orgunit (areas, divisions,
sectors as trees).
Words: a *profile* is one of the codes in `profiles.py` (design section 8); a *scope*
narrows an assignment; a *grant* widens it by one customer.
The rows themselves are filtered where they live: `portfolio.visible_to`.
"""
