-- One row: an action planned now, a contact or a measure (rules 2 to 8, 11, 12, 15).
-- Items move (taken step, progress) only with a row that was inserted, with a measure already open or in force,
-- or absorbed by a higher contact. On a day that is not a working day nothing is planned.
-- reads: reference_day, portfolio_item, portfolio_customer, portfolio_position, portfolio_block,
-- reads: strategies_enrolment, strategies_strategy, strategies_version, strategies_step, strategies_conditionresult,
-- reads: actions_task
-- writes: actions_plannedaction, actions_actionitem, strategies_takenstep, strategies_progress, journal_entry
with today as (
    select
        day,
        working_number
    from reference_day
    where day = %(as_of)s and is_working
),

marks_of_versions as (
    select
        version_id,
        min(days) as first_days,
        min(position) filter (where days >= 0) as first_post_due,
        min(position) filter (where 'formal_notice' in (template, code)) as formal_notice
    from strategies_step
    group by version_id
),

dunnable_items as materialized (
    select
        judged.item_id,
        judged.account_id,
        judged.version_id,
        judged.dunning_date,
        judged.days,
        judged.dunnable,
        judged.dunnable_here,
        progress.level_on,
        progress.not_before,
        coalesce(progress.level, '') as level,
        (taken.params ->> 'pay_by')::integer as pay_by,
        case
            when coalesce(progress.level, '') = '' then 0
            when here.position is not null then here.position
            else coalesce((
                select max(lower.position)
                from strategies_step as lower
                where lower.version_id = judged.version_id and lower.days <= taken.days
            ), 0)
        end as position
    from strategies_judged_items(%(as_of)s, %(customers)s::bigint[]) as judged
    cross join today
    inner join marks_of_versions as marks on marks.version_id = judged.version_id
    left join strategies_progress as progress on progress.item_id = judged.item_id
    left join strategies_step as here on here.version_id = judged.version_id and here.code = progress.level
    left join strategies_step as taken on taken.version_id = progress.version_id and taken.code = progress.level
    where judged.why_not is null
        and judged.days >= least(marks.first_days, 1)
),

money_to_their_credit as (
    select
        member.account_id,
        sum(position.unallocated - position.credits) as amount
    from portfolio_position as position
    inner join portfolio_customer as member on member.id = position.customer_id
    where position.unallocated - position.credits <> 0
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
),

dunnable_overdue as (
    select
        overdue.account_id,
        overdue.version_id,
        overdue.amount - coalesce(theirs.amount, 0) as amount,
        overdue.amount - coalesce(theirs.amount, 0) > 0
        and overdue.amount - coalesce(theirs.amount, 0) >= version.minimum_overdue as is_enough
    from (
        select
            account_id,
            version_id,
            coalesce(sum(dunnable_here) filter (where days > 0), 0) as amount
        from dunnable_items
        group by account_id, version_id
    ) as overdue
    inner join strategies_version as version on version.id = overdue.version_id
    left join money_to_their_credit as theirs on theirs.account_id = overdue.account_id
),

items_waiting_for_a_task as (
    select distinct link.item_id
    from actions_task as task
    inner join actions_plannedaction as made_by on made_by.id = task.planned_action_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = made_by.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    inner join actions_actionitem as link on link.planned_action_id = made_by.id and link.role = 'moved'
    where task.status = 'open'
        and (made_by.channel = 'phone' or made_by.action = 'task')
        and %(as_of)s::date - task.due_on < version.task_patience
        and (%(customers)s::bigint[] is null or made_by.account_id = any(%(customers)s))
),

next_steps as (
    select
        item.*,
        version.bank_lag,
        version.days_between_steps,
        step.id as step_id,
        step.code as step_code,
        step.position as step_position,
        step.days as step_days,
        step.channel,
        step.action,
        step.must,
        step.min_days,
        step.position = marks.first_post_due and version.bank_lag > 0 as waits_for_the_bank
    from dunnable_items as item
    inner join dunnable_overdue as overdue on overdue.account_id = item.account_id
    inner join strategies_version as version on version.id = item.version_id
    inner join marks_of_versions as marks on marks.version_id = item.version_id
    cross join lateral (
        select reached.id
        from (
            select
                candidate.id,
                candidate.position,
                min(candidate.position) over () as lowest,
                min(candidate.position) filter (where candidate.must) over () as first_must,
                min(candidate.position) filter (where candidate.action = 'propose_legal') over () as first_legal
            from strategies_step as candidate
            where candidate.version_id = item.version_id
                and candidate.position > item.position
                and candidate.days <= item.days
                and (candidate.days >= 0 or item.days <= 0)
                and (
                    candidate.conditions = '{}'::jsonb
                    or exists (
                        select 1
                        from strategies_conditionresult as result
                        where result.version_id = item.version_id
                            and result.step_id = candidate.id
                            and result.account_id = item.account_id
                    )
                )
                and not exists (
                    select 1
                    from strategies_takenstep as taken
                    where taken.item_id = item.item_id
                        and taken.step_code = candidate.code
                        and taken.voided_on is null
                )
        ) as reached
        where reached.position = reached.lowest
            or (
                version.catch_up = 'jump_to_latest'
                and reached.position <= coalesce(reached.first_must, reached.position)
                and reached.position < coalesce(reached.first_legal, reached.position + 1)
                and reached.lowest < coalesce(reached.first_legal, reached.lowest + 1)
            )
        order by reached.position desc
        limit 1
    ) as next
    inner join strategies_step as step on step.id = next.id
    where item.days <= 0 or overdue.is_enough
),

due_steps as materialized (
    select next.*
    from next_steps as next
    cross join today
    where (
            next.level_on is null
            or (
                next.level_on < today.day
                and today.day - next.level_on >= coalesce(next.min_days, next.days_between_steps)
            )
        )
        and (next.not_before is null or next.not_before <= today.day)
        and case when next.waits_for_the_bank
            then today.working_number - (
                select reached.working_number from reference_day as reached
                where reached.day = next.dunning_date + next.step_days
            ) >= next.bank_lag
            else true
        end
        and case when next.pay_by is not null
            then today.day >= next.level_on + next.pay_by and today.working_number - (
                select promised.working_number from reference_day as promised
                where promised.day = next.level_on + next.pay_by
            ) >= next.bank_lag
            else true
        end
        and not exists (select 1 from items_waiting_for_a_task as waiting where waiting.item_id = next.item_id)
),

highest_due_contacts as (
    select
        account_id,
        version_id,
        max(step_position) as highest,
        max(step_position) filter (where must) as highest_must
    from due_steps
    where channel <> ''
    group by account_id, version_id
),

contacts_of_late as (
    select
        due.account_id,
        count(*) filter (where planned.due_on > %(as_of)s::date - version.contact_days) as how_many,
        bool_or(planned.due_on = %(as_of)s) as is_one_today
    from highest_due_contacts as due
    inner join strategies_version as version on version.id = due.version_id
    inner join actions_plannedaction as planned on planned.account_id = due.account_id
    where planned.kind = 'contact'
        and planned.withdrawn_on is null
        and planned.due_on <= %(as_of)s
        and planned.due_on > %(as_of)s::date - greatest(coalesce(version.contact_days, 1), 1)
    group by due.account_id
),

highest_taken_of_late as (
    select
        due.account_id,
        max(here.position) as position
    from highest_due_contacts as due
    inner join strategies_version as version on version.id = due.version_id and version.absorb_lower > 0
    inner join portfolio_customer as member on member.account_id = due.account_id
    inner join portfolio_item as item on item.customer_id = member.id and item.closed_on is null
    inner join strategies_progress as progress on progress.item_id = item.id
    inner join strategies_step as here on here.version_id = due.version_id and here.code = progress.level
    where progress.level_on > %(as_of)s::date - version.absorb_lower
        and not progress.is_absorbed
    group by due.account_id
),

choices as (
    select
        due.account_id,
        due.version_id,
        coalesce(due.highest < late.position, false) as is_absorbed,
        case
            when coalesce(contacts.is_one_today, false) then null
            when due.highest_must = due.highest then due.highest
            when coalesce(due.highest < late.position, false) then due.highest_must
            when coalesce(contacts.how_many >= version.contact_max, false) then due.highest_must
            else due.highest
        end as position,
        coalesce(contacts.how_many, 0) as contacts_of_late
    from highest_due_contacts as due
    inner join strategies_version as version on version.id = due.version_id
    left join contacts_of_late as contacts on contacts.account_id = due.account_id
    left join highest_taken_of_late as late on late.account_id = due.account_id
),

items_that_decided as (
    select distinct on (due.account_id, due.step_id)
        due.account_id,
        due.step_id,
        due.item_id,
        due.days,
        due.dunnable,
        due.level,
        due.level_on,
        count(*) over (partition by due.account_id, due.step_id) as how_many
    from due_steps as due
    left join choices as choice on choice.account_id = due.account_id
    where due.action <> '' or due.step_position = choice.position
    order by due.account_id asc, due.step_id asc, due.days desc, due.dunnable_here desc, due.item_id asc
),

measures_in_force as (
    select
        decided.account_id,
        decided.step_id,
        max(standing.planned_action_id) as planned_action_id
    from items_that_decided as decided
    inner join strategies_step as step on step.id = decided.step_id and step.action <> ''
    cross join lateral (
        select planned.id as planned_action_id
        from actions_plannedaction as planned
        left join actions_task as task on task.planned_action_id = planned.id
        where planned.account_id = decided.account_id
            and planned.kind = 'measure'
            and planned.step_code = step.code
            and planned.withdrawn_on is null
            and (not planned.is_carried_out or task.status = 'open')
        union all
        select block.planned_action_id
        from portfolio_block as block
        where block.customer_id = decided.account_id
            and block.released_on is null
            and step.action = 'order_block'
            and block.level >= (step.params ->> 'level')::smallint
    ) as standing
    group by decided.account_id, decided.step_id
),

planned_now as (
    insert into actions_plannedaction (
        account_id, creditor_id, due_on, kind, origin, step_code, strategy_code, version_id, position, channel, action,
        template, assign_to, must, params, why, overdue_amount, run_id
    )
    select
        decided.account_id,
        account.creditor_id,
        %(as_of)s::date,
        case when step.channel <> '' then 'contact' else 'measure' end,
        'engine',
        step.code,
        strategy.code,
        step.version_id,
        step.position,
        step.channel,
        step.action,
        step.template,
        step.assign_to,
        step.must,
        step.params || jsonb_build_object('fallback', to_jsonb(step.fallback), 'minimum_item', version.minimum_item),
        jsonb_build_object(
            'strategy', strategy.code,
            'version', version.number,
            'step', step.code,
            'position', step.position,
            'step_days', step.days,
            'document', item.document_number,
            'due_date', item.due_date,
            'days_overdue', decided.days,
            'amount', decided.dunnable::text,
            'currency', item.currency,
            'level', decided.level,
            'level_on', decided.level_on,
            'items_due', decided.how_many,
            'overdue', round(overdue.amount, 2)::text,
            'minimum_overdue', version.minimum_overdue::text,
            'contacts_of_late', coalesce(choice.contacts_of_late, 0),
            'contact_max', version.contact_max,
            'contact_days', version.contact_days,
            'must', step.must
        ),
        greatest(round(overdue.amount, 2), 0),
        %(run_id)s::bigint
    from items_that_decided as decided
    inner join strategies_step as step on step.id = decided.step_id
    inner join strategies_version as version on version.id = step.version_id
    inner join strategies_strategy as strategy on strategy.id = version.strategy_id
    inner join portfolio_customer as account on account.id = decided.account_id
    inner join portfolio_item as item on item.id = decided.item_id
    inner join dunnable_overdue as overdue on overdue.account_id = decided.account_id
    left join choices as choice on choice.account_id = decided.account_id
    left join measures_in_force as standing
        on standing.account_id = decided.account_id and standing.step_id = decided.step_id
    where standing.account_id is null
    order by decided.account_id, step.position
    on conflict do nothing
    returning id, account_id, kind, step_code, position, channel, action, version_id, why
),

items_that_move as (
    select
        planned.id as planned_action_id,
        due.item_id,
        due.step_code,
        due.version_id,
        due.level,
        due.level_on,
        due.dunnable,
        due.days,
        due.step_position = choice.position as is_due_here,
        'engine' as source
    from due_steps as due
    inner join choices as choice on choice.account_id = due.account_id and due.step_position <= choice.position
    inner join planned_now as planned on planned.account_id = due.account_id and planned.kind = 'contact'
    where due.channel <> ''
    union all
    select
        planned.id,
        due.item_id,
        due.step_code,
        due.version_id,
        due.level,
        due.level_on,
        due.dunnable,
        due.days,
        true,
        'engine'
    from due_steps as due
    inner join planned_now as planned
        on planned.account_id = due.account_id and planned.kind = 'measure' and planned.step_code = due.step_code
    where due.action <> ''
    union all
    select
        standing.planned_action_id,
        due.item_id,
        due.step_code,
        due.version_id,
        due.level,
        due.level_on,
        due.dunnable,
        due.days,
        true,
        'engine'
    from due_steps as due
    inner join measures_in_force as standing on standing.account_id = due.account_id and standing.step_id = due.step_id
    union all
    select
        null,
        due.item_id,
        due.step_code,
        due.version_id,
        due.level,
        due.level_on,
        due.dunnable,
        due.days,
        false,
        'absorbed'
    from due_steps as due
    inner join choices as choice on choice.account_id = due.account_id and choice.is_absorbed
    where due.channel <> ''
        and not due.must
        and due.step_position > coalesce(choice.position, 0)
),

items_mentioned as (
    select
        planned.id as planned_action_id,
        item.item_id,
        item.dunnable,
        item.days
    from planned_now as planned
    inner join dunnable_items as item on item.account_id = planned.account_id
    inner join dunnable_overdue as overdue on overdue.account_id = planned.account_id and overdue.is_enough
    inner join marks_of_versions as marks on marks.version_id = planned.version_id
    where planned.kind = 'contact'
        and item.days > 0
        and (
            planned.channel = 'phone'
            or marks.formal_notice is null
            or planned.position >= marks.formal_notice
            or item.position < marks.formal_notice
        )
        and not exists (
            select 1
            from items_that_move as moves
            where moves.planned_action_id = planned.id and moves.item_id = item.item_id
        )
),

items_listed as (
    insert into actions_actionitem (planned_action_id, item_id, role, is_due_here, open_amount, listed_as)
    select
        planned_action_id,
        item_id,
        role,
        is_due_here,
        dunnable,
        row_number() over (
            partition by planned_action_id order by not is_due_here, days <= 0, days desc, item_id
        )
    from (
        select planned_action_id, item_id, 'moved' as role, is_due_here, dunnable, days
        from items_that_move
        where planned_action_id is not null
        union all
        select planned_action_id, item_id, 'mentioned', false, dunnable, days
        from items_mentioned
    ) as listed
    on conflict do nothing
),

steps_taken as (
    insert into strategies_takenstep (
        item_id, step_code, taken_on, version_id, planned_action_id, previous_level, previous_level_on, source
    )
    select
        item_id,
        step_code,
        %(as_of)s::date,
        version_id,
        planned_action_id,
        level,
        level_on,
        source
    from items_that_move
    on conflict do nothing
    returning item_id, step_code, taken_on, version_id, source
),

levels_reached as (
    insert into strategies_progress (item_id, level, level_on, version_id, is_absorbed)
    select
        item_id,
        step_code,
        taken_on,
        version_id,
        source = 'absorbed'
    from steps_taken
    on conflict (item_id) do update
    set
        level = excluded.level,
        level_on = excluded.level_on,
        version_id = excluded.version_id,
        is_absorbed = excluded.is_absorbed,
        not_before = null
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    account_id,
    kind || '.planned',
    why || jsonb_build_object('action', id, 'channel', channel, 'measure', action),
    %(run_id)s::bigint,
    'engine'
from planned_now
