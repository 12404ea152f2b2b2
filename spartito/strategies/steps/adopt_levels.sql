-- One row: an item seen for the first time whose level comes from elsewhere: from the item it replaces (its taken
-- steps), else from the file (`imported_level`: a step's code, or its number in the strategy).
-- A level no step answers to is left out, with a line in the journal. Read once: a progress row says it was looked at.
-- reads: portfolio_item, portfolio_customer, strategies_enrolment, strategies_step, strategies_progress
-- writes: strategies_progress, strategies_takenstep, journal_entry
with newcomers as (
    select
        item.id as item_id,
        item.customer_id,
        item.replaces_id,
        item.imported_level,
        least(coalesce(item.imported_level_date, %(as_of)s::date), %(as_of)s::date) as level_on,
        enrolment.version_id
    from portfolio_item as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    where item.closed_on is null
        and (item.imported_level <> '' or item.replaces_id is not null)
        and enrolment.version_id is not null
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
        and not exists (select 1 from strategies_progress as known where known.item_id = item.id)
),

steps_of_what_they_replace as (
    select
        newcomer.item_id,
        taken.step_code,
        taken.taken_on,
        taken.version_id,
        taken.planned_action_id,
        taken.previous_level,
        taken.previous_level_on,
        taken.again,
        'inherited' as source
    from newcomers as newcomer
    inner join strategies_takenstep as taken on taken.item_id = newcomer.replaces_id
    where taken.voided_on is null
),

levels_of_the_file as (
    select
        newcomer.item_id,
        step.code as step_code,
        newcomer.level_on as taken_on,
        newcomer.version_id
    from newcomers as newcomer
    cross join lateral (
        select candidate.code
        from strategies_step as candidate
        where candidate.version_id = newcomer.version_id
            and (
                candidate.code = newcomer.imported_level
                or candidate.position <= case
                    when newcomer.imported_level ~ '^[1-9][0-9]?$' then newcomer.imported_level::integer
                end
            )
        order by candidate.code = newcomer.imported_level desc, candidate.position desc
        limit 1
    ) as step
    where newcomer.imported_level <> ''
        and not exists (select 1 from steps_of_what_they_replace as inherited where inherited.item_id = newcomer.item_id)
),

steps_adopted as (
    insert into strategies_takenstep (
        item_id, step_code, taken_on, version_id, planned_action_id, previous_level, previous_level_on, again, source
    )
    select item_id, step_code, taken_on, version_id, planned_action_id, previous_level, previous_level_on, again, source
    from steps_of_what_they_replace
    union all
    select item_id, step_code, taken_on, version_id, null, '', null, 0, 'import'
    from levels_of_the_file
    on conflict do nothing
),

levels_not_understood as (
    insert into journal_entry (business_date, customer_id, item_id, verb, data, run_id, origin)
    select
        %(as_of)s::date,
        newcomer.customer_id,
        newcomer.item_id,
        'level.not_adopted',
        jsonb_build_object('level', newcomer.imported_level),
        %(run_id)s::bigint,
        'engine'
    from newcomers as newcomer
    where newcomer.imported_level <> ''
        and not exists (select 1 from levels_of_the_file as known where known.item_id = newcomer.item_id)
        and not exists (select 1 from steps_of_what_they_replace as inherited where inherited.item_id = newcomer.item_id)
)

insert into strategies_progress (item_id, level, level_on, version_id)
select
    newcomer.item_id,
    coalesce(replaced.level, of_file.step_code, ''),
    case when replaced.level is null then of_file.taken_on else replaced.level_on end,
    case when replaced.level is null then of_file.version_id else replaced.version_id end
from newcomers as newcomer
left join strategies_progress as replaced on replaced.item_id = newcomer.replaces_id and replaced.level <> ''
left join levels_of_the_file as of_file on of_file.item_id = newcomer.item_id
on conflict (item_id) do nothing
