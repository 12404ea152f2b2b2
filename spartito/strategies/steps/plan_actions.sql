-- One row: an action planned now, a contact or a measure, from the steps that are due (rules 4, 6, 8, 12, 15).
-- Items move (taken step, progress) only with a row that was inserted, with a measure already open or in force,
-- or absorbed by a higher contact.
-- Other parameters: `due_until` (date), after which no item can have a step due.
-- reads: strategies_duestep, reference_day, strategies_strategy, strategies_version, strategies_step, portfolio_item,
-- reads: portfolio_customer, portfolio_paymenttype, portfolio_block, portfolio_hold, actions_task, actions_attempt
-- writes: actions_plannedaction, actions_actionitem, strategies_takenstep, strategies_progress, strategies_order, journal_entry
with due_steps as (
    select
        item_id,
        account_id,
        version_id,
        step_id,
        step_code,
        position,
        channel,
        action,
        must,
        days,
        dunnable,
        dunnable_here,
        level,
        level_on,
        overdue,
        is_enough,
        order_id
    from strategies_duestep
    where as_of = %(as_of)s
        and waits_for = ''
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

formal_notices as (
    select
        version_id,
        coalesce(min(position) filter (where 'formal_notice' in (template, code)), 32767) as position
    from strategies_step
    group by version_id
),

steps_that_repeat as (
    select id
    from strategies_step
    where params ->> 'repeat_every' is not null
),

calls_that_absorb_nothing as (
    select
        version_id,
        position
    from strategies_step
    where params ->> 'absorbs' = 'false'
),

highest_due_contacts as (
    select
        account_id,
        version_id,
        max(position) as highest,
        max(position) filter (where channel <> 'phone') as highest_written,
        max(position) filter (where channel <> 'phone' and must) as highest_written_must,
        max(position) filter (where must) as highest_must,
        bool_or(is_enough) as is_enough
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
        and planned.origin <> 'answer'
        and planned.withdrawn_on is null
        and planned.due_on <= %(as_of)s
        and planned.due_on > %(as_of)s::date - greatest(coalesce(version.contact_days, 1), 1)
        and (%(customers)s::bigint[] is null or planned.account_id = any(%(customers)s))
    group by due.account_id
),

-- Joined by account before the strategy comes in: thousands of accounts share one, and would be joined with each other.
levels_of_late as materialized (
    select
        due.account_id,
        due.version_id,
        progress.level,
        max(progress.level_on) as level_on
    from highest_due_contacts as due
    inner join portfolio_customer as member on member.account_id = due.account_id
    inner join portfolio_item as item on item.customer_id = member.id and item.closed_on is null
    inner join strategies_progress as progress on progress.item_id = item.id
    where not progress.is_absorbed
        and progress.level <> ''
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    group by due.account_id, due.version_id, progress.level
),

highest_taken_of_late as (
    select
        late.account_id,
        max(here.position) as position
    from levels_of_late as late
    inner join strategies_version as version on version.id = late.version_id and version.absorb_lower > 0
    inner join strategies_step as here on here.version_id = late.version_id and here.code = late.level
    where late.level_on > %(as_of)s::date - version.absorb_lower
    group by late.account_id
),

highest_choices as (
    select
        due.account_id,
        due.version_id,
        due.is_enough,
        due.highest,
        due.highest_written,
        due.highest_written_must,
        late.position as highest_of_late,
        version.contact_max,
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

-- A call that absorbs nothing takes the items due at a call; those due at a written step get their letter beside it.
choices as (
    select
        choice.account_id,
        choice.version_id,
        choice.is_enough,
        choice.is_absorbed,
        choice.position,
        choice.contacts_of_late,
        case when beside.position is null then 'any' else 'phone' end as takes
    from highest_choices as choice
    left join calls_that_absorb_nothing as beside
        on beside.version_id = choice.version_id
        and beside.position = choice.position
        and choice.position = choice.highest
        and choice.highest_written is not null
    union all
    select
        choice.account_id,
        choice.version_id,
        choice.is_enough,
        coalesce(choice.highest_written < choice.highest_of_late, false),
        case
            when coalesce(choice.highest_written < choice.highest_of_late, false) then choice.highest_written_must
            when coalesce(choice.contacts_of_late + 1 >= choice.contact_max, false) then choice.highest_written_must
            else choice.highest_written
        end,
        choice.contacts_of_late + 1,
        'written'
    from highest_choices as choice
    inner join calls_that_absorb_nothing as beside
        on beside.version_id = choice.version_id
        and beside.position = choice.position
        and choice.position = choice.highest
        and choice.highest_written is not null
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
        due.overdue,
        choice.contacts_of_late,
        coalesce(choice.takes = 'phone', false) as is_beside,
        count(*) over (partition by due.account_id, due.step_id) as how_many
    from due_steps as due
    left join choices as choice on choice.account_id = due.account_id and choice.position = due.position
    where (due.action <> '' or choice.account_id is not null)
    order by due.account_id asc, due.step_id asc, due.days desc, due.dunnable_here desc, due.item_id asc
),

-- Why a step was asked for: what an outcome said, or a promise that was not kept.
steps_asked_for as (
    select
        due.account_id,
        due.step_id,
        coalesce(jsonb_agg(distinct standing.attempt_id) filter (where standing.attempt_id is not null), '[]'::jsonb) as attempts,
        jsonb_strip_nulls(jsonb_build_object(
            'ordered_on', max(standing.given_on),
            'outcome', max(attempt.outcome_id),
            'outcome_on', max(attempt.made_on),
            'promised_until', max(promise.ends_on)
        )) as why
    from due_steps as due
    inner join strategies_order as standing on standing.id = due.order_id
    left join actions_attempt as attempt on attempt.id = standing.attempt_id
    left join portfolio_hold as promise on promise.id = standing.hold_id
    group by due.account_id, due.step_id
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
        where planned.account_id = decided.account_id
            and planned.kind = 'measure'
            and planned.step_code = step.code
            and planned.withdrawn_on is null
            and (
                not planned.is_carried_out
                or exists (select 1 from actions_task as task where task.planned_action_id = planned.id and task.status = 'open')
                or exists (select 1 from actions_task as notice where notice.about_id = planned.id and notice.status = 'open')
            )
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
        template, assign_to, must, params, why, overdue_amount, is_beside, waits_for, cleared_on, run_id
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
        coalesce(version.further -> 'templates' -> payment_type.code ->> step.code, step.template),
        step.assign_to,
        step.must,
        step.params || jsonb_build_object(
            'fallback', to_jsonb(step.fallback),
            'minimum_item', version.minimum_item,
            'bank_lag', version.bank_lag,
            'ordered_by', coalesce(asked.attempts, '[]'::jsonb)
        ),
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
            'overdue', decided.overdue::text,
            'minimum_overdue', version.minimum_overdue::text,
            'contacts_of_late', coalesce(decided.contacts_of_late, 0),
            'contact_max', version.contact_max,
            'contact_days', version.contact_days,
            'must', step.must
        ) || coalesce(asked.why, '{}'::jsonb),
        greatest(decided.overdue, 0),
        decided.is_beside,
        case
            when step.params -> 'consult' is not null then 'consult'
            when step.params ->> 'approval' = 'required' then 'approval'
            else ''
        end,
        case step.params -> 'consult' ->> 'silence'
            when 'proceed' then (
                select later.day
                from reference_day as today
                inner join reference_day as later
                    on later.is_working
                    and later.working_number
                    = today.working_number + (step.params -> 'consult' ->> 'working_days')::integer
                where today.day = %(as_of)s
            )
            when 'wait' then %(as_of)s::date + (step.params -> 'consult' ->> 'max_delay')::integer
        end,
        %(run_id)s::bigint
    from items_that_decided as decided
    inner join strategies_step as step on step.id = decided.step_id
    inner join strategies_version as version on version.id = step.version_id
    inner join strategies_strategy as strategy on strategy.id = version.strategy_id
    inner join portfolio_customer as account on account.id = decided.account_id
    inner join portfolio_item as item on item.id = decided.item_id
    left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
    left join steps_asked_for as asked on asked.account_id = decided.account_id and asked.step_id = decided.step_id
    left join measures_in_force as standing
        on standing.account_id = decided.account_id and standing.step_id = decided.step_id
    where standing.account_id is null
        and (%(customers)s::bigint[] is null or account.id = any(%(customers)s))
        and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    order by decided.account_id, step.position
    on conflict do nothing
    returning id, account_id, kind, step_code, position, channel, action, version_id, why, waits_for
),

items_that_move as (
    select
        planned.id as planned_action_id,
        due.*,
        due.position = choice.position as is_due_here,
        'engine' as source,
        planned.waits_for
    from due_steps as due
    inner join choices as choice
        on choice.account_id = due.account_id
        and due.position <= choice.position
        and (choice.takes = 'any' or (choice.takes = 'phone') = (due.channel = 'phone'))
    inner join planned_now as planned
        on planned.account_id = due.account_id and planned.kind = 'contact' and planned.position = choice.position
    where due.channel <> ''
    union all
    select
        planned.id,
        due.*,
        true,
        'engine',
        planned.waits_for
    from due_steps as due
    inner join planned_now as planned
        on planned.account_id = due.account_id and planned.kind = 'measure' and planned.position = due.position
    where due.action <> ''
    union all
    select
        standing.planned_action_id,
        due.*,
        true,
        'engine',
        ''
    from due_steps as due
    inner join measures_in_force as standing on standing.account_id = due.account_id and standing.step_id = due.step_id
    union all
    select
        null,
        due.*,
        false,
        'absorbed',
        ''
    from due_steps as due
    inner join choices as choice
        on choice.account_id = due.account_id
        and choice.is_absorbed
        and (choice.takes = 'any' or (choice.takes = 'phone') = (due.channel = 'phone'))
    where due.channel <> ''
        and not due.must
        and due.position > coalesce(choice.position, 0)
),

items_mentioned as (
    select
        planned.id as planned_action_id,
        judged.item_id,
        judged.dunnable,
        judged.days
    from planned_now as planned
    inner join choices as choice
        on choice.account_id = planned.account_id and choice.position = planned.position and choice.is_enough
    inner join formal_notices as formal on formal.version_id = planned.version_id
    inner join strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], %(due_until)s::date) as judged
        on judged.account_id = planned.account_id
    where planned.kind = 'contact'
        and length(coalesce(judged.why_not, '')) < 1
        and judged.days > 0
        and (
            planned.channel = 'phone'
            or planned.position >= formal.position
            or not exists (
                select 1
                from strategies_takenstep as taken
                inner join strategies_step as notice
                    on notice.version_id = taken.version_id and notice.code = taken.step_code
                where taken.item_id = judged.item_id
                    and taken.voided_on is null
                    and 'formal_notice' in (notice.template, notice.code)
            )
        )
        and not exists (
            select 1
            from items_that_move as moves
            where moves.planned_action_id = planned.id and moves.item_id = judged.item_id
        )
),

items_listed as (
    insert into actions_actionitem (planned_action_id, item_id, role, step_code, is_due_here, open_amount, listed_as)
    select
        planned_action_id,
        item_id,
        role,
        will_move_to,
        is_due_here,
        dunnable,
        row_number() over (
            partition by planned_action_id order by days <= 0, not is_due_here, days desc, item_id
        )
    from (
        select
            planned_action_id,
            item_id,
            'moved' as role,
            case when waits_for <> '' then step_code else '' end as will_move_to,
            is_due_here,
            dunnable,
            days
        from items_that_move
        where planned_action_id is not null
        union all
        select planned_action_id, item_id, 'mentioned', '', false, dunnable, days
        from items_mentioned
    ) as listed
    on conflict do nothing
),

steps_taken as (
    insert into strategies_takenstep (
        item_id, step_code, taken_on, version_id, planned_action_id, previous_level, previous_level_on, source, again
    )
    select
        moves.item_id,
        moves.step_code,
        %(as_of)s::date,
        moves.version_id,
        moves.planned_action_id,
        moves.level,
        moves.level_on,
        moves.source,
        case when repeated.id is null then 0 else (
            select coalesce(max(before.again) + 1, 0)
            from strategies_takenstep as before
            where before.item_id = moves.item_id and before.step_code = moves.step_code and before.voided_on is null
        ) end
    from items_that_move as moves
    left join steps_that_repeat as repeated on repeated.id = moves.step_id
    where moves.waits_for = ''
    on conflict do nothing
    returning id, item_id, step_code, taken_on, version_id, source
),

orders_spent as (
    update strategies_order as standing
    set spent_on = %(as_of)s, spent_by = taken.id
    from steps_taken as taken
    where standing.item_id = taken.item_id and standing.spent_on is null
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
