-- One row: a salesperson as the file tells it; an empty cell erases nothing.
-- reads: ingest_resolved_salesperson
-- writes: portfolio_salesperson
update portfolio_salesperson as person
set
    name = coalesce(told.name, person.name),
    area_id = coalesce(told.area_id, person.area_id),
    user_id = coalesce(told.user_id, person.user_id),
    email = coalesce(told.email, person.email),
    pec = coalesce(told.pec, person.pec),
    phone = coalesce(told.phone, person.phone),
    address = coalesce(told.address, person.address),
    postal_code = coalesce(told.postal_code, person.postal_code),
    city = coalesce(told.city, person.city),
    province = coalesce(told.province, person.province),
    country = coalesce(told.country, person.country),
    retired_on = coalesce(told.retired_on, person.retired_on)
from ingest_resolved_salesperson as told
where person.id = told.salesperson_id
