-- One row: an open item and a step with conditions that stands above its level, on the way (`track`) it goes.
-- reads: portfolio_item, portfolio_customer, portfolio_paymenttype, strategies_enrolment, strategies_step, strategies_progress
-- writes: nothing
with open_items as (
    select
        item.id as item_id,
        item.due_date,
        enrolment.version_id,
        coalesce(progress.level, '') as level,
        progress.version_id as level_version_id,
        coalesce((
            select step.track
            from strategies_step as step
            where step.version_id = enrolment.version_id
                and (
                    step.track = payment_type.code
                    or (
                        item.bank_status = 'returned'
                        and step.track in ('*returned', payment_type.code || '*returned')
                    )
                )
            order by step.track like '%%*returned' desc, step.track = '*returned'
            limit 1
        ), '') as track
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
    left join strategies_progress as progress on progress.item_id = item.id
    where item.closed_on is null
        and item.open_amount > 0
        and item.customer_id = any(%(customers)s::bigint[])
),

where_they_stand as (
    select
        item.*,
        case
            when item.level = '' then 0
            when here.id is not null then here.position
            else coalesce((
                select max(lower.position)
                from strategies_step as lower
                where lower.version_id = item.version_id and lower.track = item.track and lower.days <= taken.days
            ), 0)
        end as position
    from open_items as item
    left join strategies_step as here
        on here.version_id = item.version_id and here.code = item.level and here.track = item.track
    left join strategies_step as taken on taken.version_id = item.level_version_id and taken.code = item.level
)

select
    item.item_id,
    step.id as step_id
from where_they_stand as item
inner join strategies_step as step
    on step.version_id = item.version_id
    and step.track = item.track
    and step.position > item.position
    and step.conditions <> '{}'::jsonb
    and (step.days >= 0 or item.due_date >= %(as_of)s)
order by item.item_id, step.position
