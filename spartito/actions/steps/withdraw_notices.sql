-- One row: a contact of a period or campaign that had not left the house, withdrawn because its account may not be
-- contacted any more (excluded, or a hold of a kind that stops it), or because nothing that it lists is open.
-- Such contacts move no item, so `withdraw_actions` has nothing to say of them.
-- reads: actions_plannedaction, actions_actionitem, actions_task, actions_attempt, portfolio_item, portfolio_customer, portfolio_hold
-- writes: actions_plannedaction, actions_task, actions_message, journal_entry
with actions_not_left as (
    select planned_action_id as action_id
    from actions_task
    where status = 'open'
        and planned_action_id is not null
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    union
    select planned_action_id
    from actions_message
    where status in ('queued', 'held')
        and claimed_at is null
        and planned_action_id is not null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    union
    select id
    from actions_plannedaction
    where not is_carried_out
        and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

notices_not_left as (
    select
        action.id as action_id,
        action.account_id,
        action.params,
        account.is_excluded
    from actions_not_left as candidate
    inner join actions_plannedaction as action on action.id = candidate.action_id
    inner join portfolio_customer as account on account.id = action.account_id
    where action.occasion_id is not null and action.withdrawn_on is null
),

notices_stopped_by_a_hold as (
    select distinct notice.action_id
    from notices_not_left as notice
    inner join portfolio_hold as hold
        on hold.customer_id = notice.account_id
        and hold.item_id is null
        and hold.starts_on <= %(as_of)s
        and (hold.ends_on is null or hold.ends_on >= %(as_of)s)
        and (hold.released_on is null or hold.released_on > %(as_of)s)
    where notice.params -> 'stopped_by' is null or notice.params -> 'stopped_by' @> to_jsonb(hold.kind)
),

notices_with_nothing_open as (
    select notice.action_id
    from notices_not_left as notice
    where notice.params ->> 'lists' = 'open'
        and not exists (
            select 1
            from actions_actionitem as link
            inner join portfolio_item as item on item.id = link.item_id
            where link.planned_action_id = notice.action_id and item.closed_on is null and item.open_amount > 0
        )
),

notices_without_reason as (
    select
        notice.action_id,
        case when empty.action_id is not null then 'paid' when notice.is_excluded then 'not_dunnable' else 'hold' end as because
    from notices_not_left as notice
    left join notices_stopped_by_a_hold as held on held.action_id = notice.action_id
    left join notices_with_nothing_open as empty on empty.action_id = notice.action_id
    where notice.is_excluded or held.action_id is not null or empty.action_id is not null
),

tasks_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = reason.because
    from notices_without_reason as reason
    where task.planned_action_id = reason.action_id and task.status = 'open'
    returning task.id, task.customer_id, task.kind, task.step_code, reason.because
),

messages_withdrawn as (
    update actions_message as message
    set status = 'withdrawn', held_because = '', error = ''
    from notices_without_reason as reason
    where message.planned_action_id = reason.action_id
        and message.status in ('queued', 'held')
        and message.claimed_at is null
    returning message.id, message.account_id, message.channel, message.step_code, reason.because
),

tasks_about_those_messages_closed as (
    update actions_task as task
    set status = 'withdrawn', closed_on = %(as_of)s, note = message.because
    from messages_withdrawn as message
    where task.message_id = message.id and task.status = 'open'
),

lines_of_the_journal as (
    insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
    select
        %(as_of)s::date,
        customer_id,
        'task.withdrawn',
        jsonb_build_object('task', id, 'kind', kind, 'step', step_code, 'because', because),
        %(run_id)s::bigint,
        'engine'
    from tasks_closed
    union all
    select
        %(as_of)s::date,
        account_id,
        'message.withdrawn',
        jsonb_build_object('message', id, 'channel', channel, 'step', step_code, 'because', because),
        %(run_id)s::bigint,
        'engine'
    from messages_withdrawn
)

update actions_plannedaction as action
set withdrawn_on = %(as_of)s, withdrawn_because = reason.because
from notices_without_reason as reason
where action.id = reason.action_id
    and not exists (
        select 1
        from actions_attempt as attempt
        inner join actions_task as tried on tried.id = attempt.task_id
        where tried.planned_action_id = action.id and attempt.undone_on is null and attempt.outcome_id <> 'POST'
    )
