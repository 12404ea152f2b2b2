-- One row: the movement that closes an open item which the snapshot no longer has.
-- replaced: another row says so; paid: payments already cover it; offset: what a customer lost on this day
-- adds up to zero, or a debit and a credit alone of their amount; presented: a bill not yet due that was
-- waiting in the portfolio; else unknown. Only replaced, offset and paid are certain.
-- reads: ingest_unseen_item, ingest_resolved_item, portfolio_item, portfolio_allocation
-- writes: portfolio_item, portfolio_movement
with absent_items as (
    select
        item.id,
        item.customer_id,
        item.currency,
        item.open_amount,
        item.amount,
        item.document_number,
        item.bank_status,
        item.due_date
    from ingest_unseen_item as unseen
    inner join portfolio_item as item on item.id = unseen.item_id
    where item.closed_on is null
),

what_vanished_together as (
    select
        *,
        sum(open_amount) over (partition by customer_id, currency) as together,
        count(*) filter (where open_amount > 0) over same_amount as debits_alike,
        count(*) filter (where open_amount < 0) over same_amount as credits_alike
    from absent_items
    window same_amount as (partition by customer_id, currency, abs(open_amount))
),

money_received as (
    select
        absent.id,
        sum(allocation.amount) as allocated
    from absent_items as absent
    inner join portfolio_allocation as allocation on allocation.item_id = absent.id
    where allocation.day <= %(as_of)s::date
    group by absent.id
),

causes as (
    select
        vanished.id,
        vanished.open_amount,
        case
            when exists (
                select 1
                from ingest_resolved_item as successor
                where successor.customer_id = vanished.customer_id
                    and successor.replaces_document = vanished.document_number
            ) then 'replaced'
            when money.allocated >= abs(vanished.amount) then 'paid'
            when vanished.together = 0 and vanished.open_amount <> 0 then 'offset'
            when vanished.debits_alike = 1 and vanished.credits_alike = 1 then 'offset'
            when vanished.bank_status = 'portfolio' and vanished.due_date >= %(as_of)s::date then 'presented'
            else 'unknown'
        end as cause
    from what_vanished_together as vanished
    left join money_received as money on money.id = vanished.id
),

items_closed as (
    update portfolio_item as item
    set
        open_amount = 0,
        closed_on = %(as_of)s::date,
        closing_cause = causes.cause,
        is_inferred = causes.cause in ('unknown', 'presented'),
        fingerprint = null
    from causes
    where item.id = causes.id
)
insert into portfolio_movement (item_id, day, amount, cause, is_inferred, is_applied, batch_id)
select
    id,
    %(as_of)s::date,
    -open_amount,
    cause,
    cause in ('unknown', 'presented'),
    true,
    %(batch)s::bigint
from causes
where open_amount <> 0
