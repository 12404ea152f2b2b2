-- One row: a contact that is new.
-- reads: ingest_resolved_contact
-- writes: portfolio_contact
insert into portfolio_contact (
    id, customer_id, role, name, email, pec, phone, mobile, fax, address, postal_code, city, province, country,
    language, is_preferred, note, external_id, valid_from, valid_until
)
select
    contact_id,
    customer_id,
    role_code,
    name,
    coalesce(email, ''),
    coalesce(pec, ''),
    coalesce(phone, ''),
    coalesce(mobile, ''),
    coalesce(fax, ''),
    coalesce(address, ''),
    coalesce(postal_code, ''),
    coalesce(city, ''),
    coalesce(province, ''),
    coalesce(country, ''),
    coalesce(language, ''),
    coalesce(is_preferred, false),
    coalesce(note, ''),
    coalesce(external_id, ''),
    valid_from,
    valid_until
from ingest_resolved_contact
where is_new
