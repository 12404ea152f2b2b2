-- One row: a hold in force whose review date has come, made a task for its owner; without one, for the collector.
-- One task a hold and review date. It is withdrawn when the hold ends, is put off, or has nothing left to cover.
-- reads: portfolio_hold, portfolio_item, portfolio_customer, actions_task, reference_day
-- writes: actions_task
with holds_to_look_at as (
    select
        hold.id,
        coalesce(customer.account_id, customer.id) as account_id,
        hold.owner_id,
        hold.review_on,
        hold.because
    from portfolio_hold as hold
    inner join portfolio_customer as customer on customer.id = hold.customer_id
    left join portfolio_item as item on item.id = hold.item_id
    where hold.review_on <= %(as_of)s
        and hold.starts_on <= %(as_of)s
        and (hold.ends_on is null or hold.ends_on >= %(as_of)s)
        and (hold.released_on is null or hold.released_on > %(as_of)s)
        and item.closed_on is null
        and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
),

reviews_that_are_over as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s
    from portfolio_hold as hold
    where hold.id = task.hold_id
        and task.subject = 'hold_review'
        and task.status = 'open'
        and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
        and not exists (select 1 from holds_to_look_at as still where still.id = hold.id)
)

insert into actions_task (customer_id, kind, subject, assign_to, due_on, hold_id, note)
select
    hold.account_id,
    'review',
    'hold_review',
    case when hold.owner_id is null then 'collector' else 'owner' end,
    %(as_of)s::date,
    hold.id,
    hold.because
from holds_to_look_at as hold
inner join reference_day as today on today.day = %(as_of)s and today.is_working
where not exists (
    select 1
    from actions_task as task
    where task.hold_id = hold.id and task.subject = 'hold_review' and task.due_on >= hold.review_on
)
