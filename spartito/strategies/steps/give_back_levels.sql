-- One row: an item that got back an earlier level because an action it had moved with was withdrawn before anything
-- left (rule 14): not when it was paid, not when a person skipped it. The taken step is kept, voided; the order it
-- followed stands again. Dropped with `not_before`, the item's next step waits for that day.
-- reads: actions_plannedaction
-- writes: strategies_takenstep, strategies_progress, strategies_order
with steps_not_taken_after_all as (
    update strategies_takenstep as taken
    set voided_on = %(as_of)s, voided_because = action.withdrawn_because
    from actions_plannedaction as action
    where action.id = taken.planned_action_id
        and action.withdrawn_on is not null
        and action.withdrawn_on <= %(as_of)s
        and action.withdrawn_because not in ('paid', 'skipped')
        and taken.voided_on is null
        and (%(customers)s::bigint[] is null or action.account_id = any(%(customers)s))
    returning
        taken.id,
        taken.item_id,
        case when action.withdrawn_because = 'not_before' then (action.params ->> 'not_before')::date end as not_before
),

orders_that_stand_again as (
    update strategies_order as standing
    set spent_on = null, spent_by = null
    from steps_not_taken_after_all as taken
    where standing.spent_by = taken.id
),

items_concerned as (
    select
        item_id,
        max(not_before) as not_before
    from steps_not_taken_after_all
    group by item_id
),

levels_left as (
    select
        concerned.item_id,
        concerned.not_before,
        coalesce(last_taken.step_code, '') as level,
        last_taken.taken_on as level_on,
        last_taken.version_id,
        coalesce(last_taken.source = 'absorbed', false) as is_absorbed
    from items_concerned as concerned
    left join lateral (
        select
            taken.step_code,
            taken.taken_on,
            taken.version_id,
            taken.source
        from strategies_takenstep as taken
        where taken.item_id = concerned.item_id
            and taken.voided_on is null
            and not exists (select 1 from steps_not_taken_after_all as voided where voided.id = taken.id)
        order by taken.taken_on desc, taken.id desc
        limit 1
    ) as last_taken on true
)

update strategies_progress as progress
set
    level = levels_left.level,
    level_on = levels_left.level_on,
    version_id = levels_left.version_id,
    is_absorbed = levels_left.is_absorbed,
    not_before = levels_left.not_before
from levels_left
where levels_left.item_id = progress.item_id
