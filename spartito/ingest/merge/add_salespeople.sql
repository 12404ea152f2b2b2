-- One row: a salesperson that a file names by a code not known yet.
-- reads: ingest_staged_code, portfolio_salesperson
-- writes: portfolio_salesperson
insert into portfolio_salesperson (code)
select staged.salesperson_code
from (select distinct salesperson_code from ingest_staged_code where salesperson_code is not null) as staged
where not exists (select 1 from portfolio_salesperson as known where known.code = staged.salesperson_code)
order by staged.salesperson_code
