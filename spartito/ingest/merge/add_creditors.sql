-- One row: a creditor that a file names by a code not known yet.
-- reads: ingest_staged_code, portfolio_creditor
-- writes: portfolio_creditor
insert into portfolio_creditor (code, name, language, currency)
select
    staged.creditor_code,
    staged.creditor_code,
    %(language)s,
    %(currency)s
from (select distinct creditor_code from ingest_staged_code where creditor_code is not null) as staged
where not exists (select 1 from portfolio_creditor as known where known.code = staged.creditor_code)
order by staged.creditor_code
