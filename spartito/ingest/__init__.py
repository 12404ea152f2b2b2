"""From files to the portfolio: everything that comes in is read, judged row by row, and merged set-based.

Tables: mapping, batch, reject, change, delivery, fieldowner, proposal, watchedfile.
Words: a *mapping* says how a foreign file becomes a canonical one; a *verdict* takes or rejects a row;
a *fingerprint* is the hash of a row as it came, so that rows which did not change never reach the
database; a *snapshot* is the whole open ledger of a creditor, a *delta* only what changed; a *batch*
is one file taken in, and can be undone; a *delivery* is what the ERP last said of a customer or
contact, which tells what a person corrected here; a *proposal* is an ERP value that waits for a person.
Order of work: files → mapping (guess) → verdict → staging → steps → portfolio/merge.
"""
