-- One row: a party (VAT number, else tax code) that a customer of this file is the first to name.
-- reads: ingest_staged_customer, portfolio_party
-- writes: portfolio_party
with parties_in_the_file as (
    select
        coalesce(country, 'IT') as country,
        coalesce(vat_number, '') as vat_number,
        case when vat_number is null then tax_code else '' end as tax_code,
        min(coalesce(customer_name, customer_code)) as name
    from ingest_staged_customer
    where vat_number is not null or tax_code is not null
    group by 1, 2, 3
)
insert into portfolio_party (country, vat_number, tax_code, name)
select
    party.country,
    party.vat_number,
    party.tax_code,
    party.name
from parties_in_the_file as party
where not exists (
    select 1
    from portfolio_party as known
    where known.country = party.country
        and known.vat_number = party.vat_number
        and (party.vat_number <> '' or known.tax_code = party.tax_code)
)
order by party.country, party.vat_number, party.tax_code
