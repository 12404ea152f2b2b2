-- One row: the opening movement of an item that is new (design: dated the issue, never before the
-- creditor's last ledger, never after this one). An item that comes closed is closed on `as_of`.
-- reads: ingest_resolved_item
-- writes: portfolio_item, portfolio_movement
with new_items as (
    select
        *,
        greatest(
            least(coalesce(issue_date, %(as_of)s::date), %(as_of)s::date), least(coalesce(ledger_date + 1, '1970-01-01'), %(as_of)s::date)
        ) as opened_on
    from ingest_resolved_item
    where is_new
),

items_made as (
    insert into portfolio_item (
        id, creditor_id, customer_id, item_key, external_id, document_type, document_number, instalment,
        issue_date, due_date, original_due_date, amount, open_amount, currency,
        payment_type_id, salesperson_id, area_id, division_id, sector_id,
        bank_status, presented_on, returned_on, return_reason,
        withheld, vat_split, retention, retention_release_date, order_number, cig, cup, pay_to_iban,
        imported_level, imported_level_date, closed_on, closing_cause, is_inferred, fingerprint, batch_id
    )
    select
        item_id, creditor_id, customer_id, item_key, coalesce(external_id, ''), document_type,
        coalesce(document_number, ''), coalesce(instalment, ''), issue_date, due_date,
        coalesce(original_due_date, due_date), amount, open_amount, currency_code,
        payment_type_id, salesperson_id, area_id, division_id, sector_id,
        coalesce(bank_status, 'none'), presented_on, returned_on, coalesce(return_reason, ''),
        coalesce(withheld, 0), coalesce(vat_split, 0), coalesce(retention, 0), retention_release_date,
        coalesce(order_number, ''), coalesce(cig, ''), coalesce(cup, ''), coalesce(pay_to_iban, ''),
        coalesce(level, ''), level_date,
        case when open_amount = 0 then %(as_of)s::date end,
        case when open_amount = 0 then 'unknown' else '' end,
        open_amount = 0,
        fingerprint, %(batch)s::bigint
    from new_items
)
insert into portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied, batch_id)
select
    item_id, opened_on, case when open_amount = 0 then amount else open_amount end, 'opened', false, true, %(batch)s::bigint
from new_items
where open_amount <> 0 or amount <> 0
union all
select
    item_id, %(as_of)s::date, -amount, 'unknown', true, true, %(batch)s::bigint
from new_items
where open_amount = 0 and amount <> 0
