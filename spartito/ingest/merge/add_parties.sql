-- One row: a party (VAT number, else tax code) that customers of this file are the first to name.
-- reads: ingest_resolved_customer, portfolio_customer, portfolio_party
-- writes: portfolio_party
with parties_in_the_file as (
    select distinct on (coalesce(nullif(customer.country, ''), 'IT'), customer.vat_number, party_tax_code)
        coalesce(nullif(customer.country, ''), 'IT') as country,
        customer.vat_number,
        case when customer.vat_number = '' then customer.tax_code else '' end as party_tax_code,
        customer.name
    from ingest_resolved_customer as resolved
    inner join portfolio_customer as customer on customer.id = resolved.customer_id
    where customer.vat_number <> '' or customer.tax_code <> ''
    order by coalesce(nullif(customer.country, ''), 'IT'), customer.vat_number, party_tax_code, customer.id
)
insert into portfolio_party (country, vat_number, tax_code, name)
select
    party.country,
    party.vat_number,
    party.party_tax_code,
    party.name
from parties_in_the_file as party
where not exists (
    select 1
    from portfolio_party as known
    where known.country = party.country
        and known.vat_number = party.vat_number
        and (party.vat_number <> '' or known.tax_code = party.party_tax_code)
)
