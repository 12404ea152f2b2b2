-- One row: an action that waited for an approval or a word and waits no more: cleared, it is dated today and its items
-- move; skipped, they move without it; dropped until a day, they wait for that day (rules 14 and 15).
-- On working days, one contact a day: the one cleared first, of several the highest; another waits for the next. What
-- has a further word to wait for (consulted first, then approved) goes on waiting. An item that may not be asked for
-- today does not move.
-- reads: reference_day, portfolio_item
-- writes: actions_plannedaction, actions_actionitem, strategies_takenstep, strategies_progress, strategies_order,
-- writes: journal_entry
with actions_to_clear as (
    select
        action.id,
        action.account_id,
        action.cleared_on,
        action.position,
        action.kind = 'measure' as is_measure,
        action.waits_for = 'consult' and coalesce(action.params ->> 'approval' = 'required', false) as waits_on
    from actions_plannedaction as action
    inner join reference_day as today on today.day = %(as_of)s and today.is_working
    where action.waits_for <> ''
        and action.withdrawn_on is null
        and action.cleared_on <= %(as_of)s
        and (%(customers)s::bigint[] is null or action.account_id = any(%(customers)s))
        and (
            action.kind = 'measure'
            or not exists (
                select 1
                from actions_plannedaction as other
                where other.account_id = action.account_id
                    and other.kind = 'contact'
                    and other.due_on = %(as_of)s
                    and other.withdrawn_on is null
                    and other.id <> action.id
            )
        )
),

actions_cleared as (
    select distinct on (account_id, case when is_measure or waits_on then id else 0 end)
        id,
        account_id,
        waits_on
    from actions_to_clear
    order by
        account_id asc, case when is_measure or waits_on then id else 0 end asc, cleared_on asc, position desc, id asc
),

actions_given_up as (
    select
        id,
        account_id,
        withdrawn_because,
        case when withdrawn_because = 'not_before' then (params ->> 'not_before')::date end as not_before
    from actions_plannedaction
    where waits_for <> ''
        and withdrawn_on is not null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

actions_that_wait_no_more as (
    update actions_plannedaction as action
    set
        waits_for = case when cleared.waits_on then 'approval' else '' end,
        cleared_on = case when cleared.waits_on then null else action.cleared_on end,
        due_on = case when cleared.id is null or cleared.waits_on then action.due_on else %(as_of)s::date end
    from (
        select id, waits_on, false as is_over from actions_cleared
        union all
        select id, false, true from actions_given_up
    ) as change
    left join actions_cleared as cleared on cleared.id = change.id
    where action.id = change.id
    returning
        action.id,
        action.account_id,
        action.kind,
        action.step_code,
        action.version_id,
        action.channel,
        action.action,
        action.waits_for,
        change.is_over,
        action.withdrawn_because
),

customers_cleared as (
    select array_agg(distinct whose.id) as ids
    from actions_cleared as cleared
    inner join actions_actionitem as link on link.planned_action_id = cleared.id and link.role = 'moved'
    inner join portfolio_item as item on item.id = link.item_id
    cross join lateral (values (item.customer_id), (cleared.account_id)) as whose (id)
),

items_that_may_be_asked_for as (
    select judged.item_id
    from customers_cleared as theirs
    cross join lateral strategies_judged_items(%(as_of)s, false, theirs.ids, null) as judged
    where judged.why_not is null
),

items_that_move as (
    select
        action.id as planned_action_id,
        action.version_id,
        link.item_id,
        link.step_code
    from actions_that_wait_no_more as action
    inner join actions_actionitem as link
        on link.planned_action_id = action.id and link.role = 'moved' and link.step_code <> ''
    where action.waits_for = ''
        and (
            (action.is_over and action.withdrawn_because = 'skipped')
            or (not action.is_over and link.item_id in (select askable.item_id from items_that_may_be_asked_for as askable))
        )
),

items_left_behind as (
    update actions_actionitem as link
    set role = 'mentioned'
    from actions_that_wait_no_more as action
    where action.id = link.planned_action_id
        and not action.is_over
        and action.waits_for = ''
        and link.role = 'moved'
        and link.item_id not in (select moves.item_id from items_that_move as moves)
),

steps_taken as (
    insert into strategies_takenstep (
        item_id, step_code, taken_on, version_id, planned_action_id, previous_level, previous_level_on, again
    )
    select
        moves.item_id,
        moves.step_code,
        %(as_of)s::date,
        moves.version_id,
        moves.planned_action_id,
        coalesce(progress.level, ''),
        progress.level_on,
        (
            select coalesce(max(before.again) + 1, 0)
            from strategies_takenstep as before
            where before.item_id = moves.item_id and before.step_code = moves.step_code and before.voided_on is null
        )
    from items_that_move as moves
    left join strategies_progress as progress on progress.item_id = moves.item_id
    on conflict do nothing
    returning id, item_id, step_code, taken_on, version_id
),

orders_spent as (
    update strategies_order as standing
    set spent_on = %(as_of)s, spent_by = taken.id
    from steps_taken as taken
    where standing.item_id = taken.item_id and standing.spent_on is null
),

levels_reached as (
    insert into strategies_progress (item_id, level, level_on, version_id)
    select
        item_id,
        step_code,
        taken_on,
        version_id
    from steps_taken
    on conflict (item_id) do update
    set
        level = excluded.level,
        level_on = excluded.level_on,
        version_id = excluded.version_id,
        is_absorbed = false,
        not_before = null
),

waits_until_a_day as (
    insert into strategies_progress (item_id, not_before)
    select
        link.item_id,
        max(over.not_before)
    from actions_given_up as over
    inner join actions_actionitem as link on link.planned_action_id = over.id and link.role = 'moved'
    where over.not_before is not null
    group by link.item_id
    on conflict (item_id) do update
    set not_before = excluded.not_before
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    account_id,
    kind || '.planned',
    jsonb_build_object('action', id, 'step', step_code, 'channel', channel, 'measure', action, 'cleared', true),
    %(run_id)s::bigint,
    'engine'
from actions_that_wait_no_more
where not is_over and waits_for = ''
