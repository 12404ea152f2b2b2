-- One row: the opening movement of an item of a creditor's first ledger: nothing can be known before, so the
-- rows go in as they were staged. Dates and closings as in insert_items.
-- reads: ingest_staged_item, portfolio_creditor, portfolio_customer, portfolio_paymenttype,
-- reads: portfolio_salesperson, access_orgunit
-- writes: portfolio_item, portfolio_movement
with items_made as (
    insert into portfolio_item (
        creditor_id, customer_id, item_key, external_id, document_type, document_number, instalment,
        issue_date, due_date, original_due_date, amount, open_amount, currency,
        payment_type_id, salesperson_id, area_id, division_id, sector_id,
        bank_status, presented_on, returned_on, return_reason,
        withheld, vat_split, retention, retention_release_date, order_number, cig, cup, pay_to_iban,
        imported_level, imported_level_date, closed_on, closing_cause, is_inferred, fingerprint, batch_id
    )
    select
        creditor.id, customer.id, staged.item_key, coalesce(staged.external_id, ''), staged.document_type,
        coalesce(staged.document_number, ''), coalesce(staged.instalment, ''), staged.issue_date, staged.due_date,
        coalesce(staged.original_due_date, staged.due_date), staged.amount, staged.open_amount,
        coalesce(staged.currency, creditor.currency),
        payment_type.id, salesperson.id, area.id, division.id, sector.id,
        coalesce(staged.bank_status, 'none'), staged.presented_on, staged.returned_on, coalesce(staged.return_reason, ''),
        coalesce(staged.withheld, 0), coalesce(staged.vat_split, 0), coalesce(staged.retention, 0),
        staged.retention_release_date, coalesce(staged.order_number, ''), coalesce(staged.cig, ''),
        coalesce(staged.cup, ''), coalesce(staged.pay_to_iban, ''), coalesce(staged.level, ''), staged.level_date,
        case when staged.open_amount = 0 then %(as_of)s::date end,
        case when staged.open_amount = 0 then 'unknown' else '' end,
        staged.open_amount = 0,
        staged.fingerprint, %(batch)s::bigint
    from ingest_staged_item as staged
    inner join portfolio_creditor as creditor on creditor.code = staged.creditor_code
    inner join portfolio_customer as customer
        on customer.creditor_id = creditor.id and customer.code = staged.customer_code
    left join portfolio_paymenttype as payment_type on payment_type.code = staged.payment_type
    left join portfolio_salesperson as salesperson on salesperson.code = staged.salesperson_code
    left join access_orgunit as area on area.kind = 'area' and area.code = staged.area_code
    left join access_orgunit as division on division.kind = 'division' and division.code = staged.division_code
    left join access_orgunit as sector on sector.kind = 'sector' and sector.code = staged.sector_code
    returning id, issue_date, amount, open_amount
)
insert into portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied, batch_id)
select
    made.id, moved.day, moved.amount, moved.cause, moved.cause <> 'opened', true, %(batch)s::bigint
from items_made as made
cross join lateral (
    values
    (
        least(coalesce(made.issue_date, %(as_of)s::date), %(as_of)s::date),
        case when made.open_amount = 0 then made.amount else made.open_amount end,
        'opened'
    ),
    (%(as_of)s::date, case when made.open_amount = 0 then -made.amount else 0 end, 'unknown')
) as moved (day, amount, cause)
where moved.amount <> 0
