-- One row: a creditor whose ledger is now known up to `as_of`.
-- reads: portfolio_creditor
-- writes: portfolio_creditor
update portfolio_creditor
set ledger_date = %(as_of)s::date
where id = any(%(creditors)s)
    and (ledger_date is null or ledger_date < %(as_of)s::date)
