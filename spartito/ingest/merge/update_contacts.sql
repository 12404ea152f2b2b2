-- One row: a contact known before, as the file tells it. What a person corrected here (it differs from what
-- the ERP said last) is kept; an empty cell erases nothing.
-- reads: ingest_resolved_contact
-- writes: portfolio_contact
update portfolio_contact as contact
set
    role = told.role_code,
    name = told.name,
    email = case
        when contact.email <> coalesce(told.said_before ->> 'email', contact.email) then contact.email
        else coalesce(told.email, contact.email)
    end,
    pec = case
        when contact.pec <> coalesce(told.said_before ->> 'pec', contact.pec) then contact.pec
        else coalesce(told.pec, contact.pec)
    end,
    phone = case
        when contact.phone <> coalesce(told.said_before ->> 'phone', contact.phone) then contact.phone
        else coalesce(told.phone, contact.phone)
    end,
    mobile = case
        when contact.mobile <> coalesce(told.said_before ->> 'mobile', contact.mobile) then contact.mobile
        else coalesce(told.mobile, contact.mobile)
    end,
    fax = case
        when contact.fax <> coalesce(told.said_before ->> 'fax', contact.fax) then contact.fax
        else coalesce(told.fax, contact.fax)
    end,
    address = case
        when contact.address <> coalesce(told.said_before ->> 'address', contact.address) then contact.address
        else coalesce(told.address, contact.address)
    end,
    postal_code = case
        when contact.postal_code <> coalesce(told.said_before ->> 'postal_code', contact.postal_code) then contact.postal_code
        else coalesce(told.postal_code, contact.postal_code)
    end,
    city = case
        when contact.city <> coalesce(told.said_before ->> 'city', contact.city) then contact.city
        else coalesce(told.city, contact.city)
    end,
    province = case
        when contact.province <> coalesce(told.said_before ->> 'province', contact.province) then contact.province
        else coalesce(told.province, contact.province)
    end,
    country = case
        when contact.country <> coalesce(told.said_before ->> 'country', contact.country) then contact.country
        else coalesce(told.country, contact.country)
    end,
    language = case
        when contact.language <> coalesce(told.said_before ->> 'language', contact.language) then contact.language
        else coalesce(told.language, contact.language)
    end,
    note = case
        when contact.note <> coalesce(told.said_before ->> 'note', contact.note) then contact.note
        else coalesce(told.note, contact.note)
    end,
    is_preferred = coalesce(told.is_preferred, contact.is_preferred),
    external_id = coalesce(told.external_id, contact.external_id),
    valid_from = coalesce(told.valid_from, contact.valid_from),
    valid_until = coalesce(told.valid_until, contact.valid_until)
from ingest_resolved_contact as told
where contact.id = told.contact_id and not told.is_new
