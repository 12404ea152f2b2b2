-- One row: an open item and what stands before its next step on `as_of`: the hold that covers it (the longest), the
-- standing order on it and where that came from, the open task it moved with.
-- reads: portfolio_item, portfolio_customer, portfolio_hold, strategies_order, strategies_takenstep,
-- reads: strategies_enrolment, strategies_version, actions_attempt, actions_task, actions_plannedaction,
-- reads: actions_actionitem
-- writes: nothing
select
    item.id,
    hold.kind,
    hold.ends_on,
    hold.review_on,
    version.on_broken_promise,
    standing.wanted,
    standing.outcome_id,
    standing.made_on,
    standing.promised_until,
    task.due_on as task_due_on,
    task.not_before as task_not_before,
    task.due_on + version.task_patience as waits_until
from portfolio_item as item
inner join portfolio_customer as customer on customer.id = item.customer_id
left join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
left join strategies_version as version on version.id = enrolment.version_id
left join lateral (
    select
        held.kind,
        held.ends_on,
        held.review_on
    from portfolio_hold as held
    where held.customer_id in (customer.id, customer.account_id)
        and (held.item_id = item.id or held.item_id is null)
        and held.starts_on <= %(as_of)s
        and (held.ends_on is null or held.ends_on >= %(as_of)s)
        and (held.released_on is null or held.released_on > %(as_of)s)
    order by held.amount is null desc, held.ends_on desc nulls first, held.id desc
    limit 1
) as hold on true
left join lateral (
    select
        given.wanted,
        attempt.outcome_id,
        attempt.made_on,
        promise.ends_on as promised_until
    from strategies_order as given
    left join actions_attempt as attempt on attempt.id = given.attempt_id
    left join portfolio_hold as promise on promise.id = given.hold_id
    where given.item_id = item.id
        and given.spent_on is null
        and not exists (
            select 1
            from strategies_takenstep as taken
            where taken.item_id = item.id and taken.step_code = given.wanted and taken.voided_on is null
        )
    order by given.wanted = 'next_step' asc, given.given_on desc, given.id desc
    limit 1
) as standing on true
left join lateral (
    select
        open_task.due_on,
        open_task.not_before
    from actions_task as open_task
    inner join actions_plannedaction as made_by on made_by.id = open_task.planned_action_id
    inner join actions_actionitem as moved
        on moved.planned_action_id = made_by.id and moved.item_id = item.id and moved.role = 'moved'
    where open_task.status = 'open'
        and (made_by.channel = 'phone' or made_by.action = 'task')
        and made_by.account_id = customer.account_id
    order by open_task.due_on desc
    limit 1
) as task on true
where item.closed_on is null
    and item.open_amount > 0
    and item.customer_id = any(%(customers)s::bigint[])
