-- One row: an item known before, as the file now tells it.
-- reads: ingest_resolved_item, ingest_ledger_change
-- writes: portfolio_item
update portfolio_item as item
set
    customer_id = told.customer_id,
    item_key = told.item_key,
    external_id = coalesce(told.external_id, item.external_id),
    document_type = told.document_type,
    document_number = coalesce(told.document_number, item.document_number),
    instalment = coalesce(told.instalment, item.instalment),
    issue_date = coalesce(told.issue_date, item.issue_date),
    due_date = told.due_date,
    original_due_date = coalesce(told.original_due_date, item.original_due_date),
    amount = told.amount,
    open_amount = item.open_amount + changed.change,
    currency = told.currency_code,
    payment_type_id = coalesce(told.payment_type_id, item.payment_type_id),
    salesperson_id = coalesce(told.salesperson_id, item.salesperson_id),
    area_id = coalesce(told.area_id, item.area_id),
    division_id = coalesce(told.division_id, item.division_id),
    sector_id = coalesce(told.sector_id, item.sector_id),
    bank_status = coalesce(told.bank_status, item.bank_status),
    presented_on = coalesce(told.presented_on, item.presented_on),
    returned_on = coalesce(told.returned_on, item.returned_on),
    return_reason = coalesce(told.return_reason, item.return_reason),
    withheld = coalesce(told.withheld, item.withheld),
    vat_split = coalesce(told.vat_split, item.vat_split),
    retention = coalesce(told.retention, item.retention),
    retention_release_date = coalesce(told.retention_release_date, item.retention_release_date),
    order_number = coalesce(told.order_number, item.order_number),
    cig = coalesce(told.cig, item.cig),
    cup = coalesce(told.cup, item.cup),
    pay_to_iban = coalesce(told.pay_to_iban, item.pay_to_iban),
    imported_level = coalesce(told.level, item.imported_level),
    imported_level_date = coalesce(told.level_date, item.imported_level_date),
    closed_on = case
        when item.open_amount + changed.change <> 0 then null
        when item.closed_on is not null then item.closed_on
        else %(as_of)s::date
    end,
    closing_cause = case
        when item.open_amount + changed.change <> 0 then ''
        when item.closed_on is not null then item.closing_cause
        else 'unknown'
    end,
    is_inferred = item.open_amount + changed.change = 0 and (item.closed_on is null or item.is_inferred),
    fingerprint = case when not changed.waits then told.fingerprint end
from ingest_resolved_item as told
inner join ingest_ledger_change as changed on changed.item_id = told.item_id
where item.id = told.item_id
