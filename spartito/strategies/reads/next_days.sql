-- One row: an account and the first day after `as_of` on which its next step may be due; without a row nothing is in sight.
-- It may name a day too early, never one too late: every account is tried with the real steps. What is due and waits
-- (a limit, a condition, a quiet period) is tried again every day; what is paid before its step is never tried.
-- Other parameters: `balances_matter` (boolean), whether a strategy asks for facts that change as items fall due or
-- are paid, so that those days count too.
-- reads: portfolio_item, portfolio_customer, portfolio_movement, portfolio_paymenttype, portfolio_hold,
-- reads: strategies_enrolment, strategies_version, strategies_step, strategies_progress, strategies_paymentrule,
-- reads: strategies_order, actions_plannedaction, reference_exchangerate
with money_on_its_way as (
    select
        movement.item_id,
        sum(movement.amount) as amount,
        max(movement.day) as last_day
    from portfolio_movement as movement
    inner join portfolio_item as item on item.id = movement.item_id
    where not movement.is_applied
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    group by movement.item_id
),

items as (
    select
        item.id as item_id,
        customer.account_id,
        enrolment.version_id,
        greatest(item.due_date + coalesce(rule.shift_days, 0), item.returned_on) as dunning_date,
        item.due_date,
        item.retention_release_date,
        case when item.open_amount + money.amount = 0 then money.last_day else 'infinity'::date end as paid_on,
        progress.level_on,
        progress.not_before,
        case
            when coalesce(progress.level, '') = '' then 0
            when here.position is not null then here.position
            else coalesce((
                select max(lower.position)
                from strategies_step as lower
                where lower.version_id = enrolment.version_id and lower.days <= taken.days
            ), 0)
        end as position,
        progress.level_on + (here.params ->> 'repeat_every')::integer as repeated_on,
        progress.level_on + (taken.params ->> 'pay_by')::integer as promised_by
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
    left join strategies_paymentrule as rule
        on rule.version_id = enrolment.version_id and rule.payment_type = payment_type.code
    left join strategies_progress as progress on progress.item_id = item.id
    left join strategies_step as here on here.version_id = enrolment.version_id and here.code = progress.level
    left join strategies_step as taken on taken.version_id = progress.version_id and taken.code = progress.level
    left join money_on_its_way as money on money.item_id = item.id
    where item.closed_on is null
        and item.document_type in ('invoice', 'debit_note')
        and (item.open_amount > 0 or money.item_id is not null)
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
),

-- Why an open item cannot be dunned; what only a hold's end or a person changes is not tried every day.
items_that_cannot_move as (
    select judged.item_id
    from strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], %(as_of)s::date + 400) as judged
    where judged.why_not is not null
),

positions as (
    select
        id as version_id,
        0 as position
    from strategies_version
    union all
    select
        version_id,
        position
    from strategies_step
),

-- Days never fall from step to step: the lowest ones above say from when on something can be due.
steps_above as (
    select
        place.version_id,
        place.position,
        min(step.days) as first_days,
        min(step.days) filter (where step.days >= 0) as first_days_when_late,
        min(coalesce(step.min_days, version.days_between_steps)) as shortest_wait
    from positions as place
    inner join strategies_version as version on version.id = place.version_id
    inner join strategies_step as step on step.version_id = place.version_id and step.position > place.position
    group by place.version_id, place.position
),

days_of_items as (
    select
        item.account_id,
        item.paid_on,
        greatest(
            %(as_of)s::date + 1,
            item.not_before,
            item.promised_by,
            item.level_on + above.shortest_wait,
            item.dunning_date + case when item.dunning_date > %(as_of)s then above.first_days else above.first_days_when_late end
        ) as day
    from items as item
    inner join steps_above as above on above.version_id = item.version_id and above.position = item.position
    where (item.dunning_date > %(as_of)s or above.first_days_when_late is not null)
        and not exists (select 1 from items_that_cannot_move as stuck where stuck.item_id = item.item_id)
    union all
    select item.account_id, item.paid_on, greatest(item.repeated_on, %(as_of)s::date + 1)
    from items as item
    where item.repeated_on is not null
    union all
    select item.account_id, item.paid_on, %(as_of)s::date + 1
    from items as item
    inner join strategies_order as standing on standing.item_id = item.item_id and standing.spent_on is null
    where not exists (select 1 from items_that_cannot_move as stuck where stuck.item_id = item.item_id)
    union all
    select item.account_id, item.paid_on, item.retention_release_date
    from items as item
    where item.retention_release_date > %(as_of)s
),

days_of_accounts as (
    select account_id, day from days_of_items
    where day < paid_on
    union all
    select customer.account_id, other.day
    from portfolio_hold as hold
    inner join portfolio_customer as customer on customer.id = hold.customer_id
    cross join lateral (values (hold.starts_on), (hold.ends_on + 1), (hold.released_on), (hold.review_on)) as other (day)
    where other.day > %(as_of)s
        and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
    union all
    select waiting.account_id, %(as_of)s::date + 1
    from actions_plannedaction as waiting
    where waiting.waits_for <> ''
        and waiting.withdrawn_on is null
        and (%(customers)s::bigint[] is null or waiting.account_id = any(%(customers)s))
    union all
    select item.account_id, other.day
    from items as item
    cross join lateral (values (item.due_date + 1), (item.paid_on)) as other (day)
    where %(balances_matter)s and other.day > %(as_of)s
    union all
    select enrolment.account_id, enrolment.fact_change_on + 7
    from strategies_enrolment as enrolment
    where %(balances_matter)s
        and enrolment.fact_change_on + 7 > %(as_of)s
        and (%(customers)s::bigint[] is null or enrolment.account_id = any(%(customers)s))
)

select
    account_id,
    min(day) as day
from days_of_accounts
where day < 'infinity'::date
group by account_id
