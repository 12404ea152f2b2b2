-- One row: a contact of the file with its customer, and its row here if there is one.
-- reads: ingest_staged_contact, portfolio_creditor, portfolio_customer, portfolio_contact, ingest_delivery
-- writes: nothing (a temporary table)
create temporary table ingest_resolved_contact on commit drop as
select
    staged.*,
    coalesce(staged.role, 'accounting') as role_code,
    customer.id as customer_id,
    coalesce(
        by_external_id.id, by_name.id, nextval(pg_get_serial_sequence('portfolio_contact', 'id'))
    ) as contact_id,
    by_external_id.id is null and by_name.id is null as is_new,
    coalesce(delivery.values, '{}') as said_before,
    jsonb_strip_nulls(jsonb_build_object(
        'email', staged.email,
        'pec', staged.pec,
        'phone', staged.phone,
        'mobile', staged.mobile,
        'fax', staged.fax,
        'address', staged.address,
        'postal_code', staged.postal_code,
        'city', staged.city,
        'province', staged.province,
        'country', staged.country,
        'language', staged.language,
        'note', staged.note,
        'name', staged.name
    )) as said
from ingest_staged_contact as staged
inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
inner join portfolio_customer as customer
    on customer.creditor_id = creditor.id and customer.code = staged.customer_code
left join portfolio_contact as by_external_id
    on by_external_id.customer_id = customer.id
    and by_external_id.external_id = staged.external_id
    and by_external_id.external_id <> ''
left join lateral (
    select min(contact.id) as id
    from portfolio_contact as contact
    where contact.customer_id = customer.id
        and contact.role = coalesce(staged.role, 'accounting')
        and lower(contact.name) = lower(staged.name)
        and (staged.external_id is null or contact.external_id = '')
) as by_name on by_external_id.id is null
left join ingest_delivery as delivery
    on delivery.room_table = 'portfolio_contact' and delivery.row_id = coalesce(by_external_id.id, by_name.id)
