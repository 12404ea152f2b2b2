-- One row: a customer of this file tied to its party.
-- reads: ingest_resolved_customer, portfolio_customer, portfolio_party
-- writes: portfolio_customer
update portfolio_customer as customer
set party_id = party.id
from ingest_resolved_customer as resolved, portfolio_party as party
where customer.id = resolved.customer_id
    and not resolved.is_new
    and (customer.vat_number <> '' or customer.tax_code <> '')
    and party.country = coalesce(nullif(customer.country, ''), 'IT')
    and party.vat_number = customer.vat_number
    and (customer.vat_number <> '' or party.tax_code = customer.tax_code)
    and customer.party_id is distinct from party.id
