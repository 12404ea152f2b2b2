-- One row: an open task given to a person, because it had none present on `as_of`, or its customer's collector changed.
-- In order: the person named (the customer's collector or salesperson, the owner of a hold to review), who had this account's tasks before,
-- the holders of the role whose scope covers the customer (those who speak its language first, then those with a scope
-- of their own), whole accounts in turn, each as many as the minutes left of the day allow; the credit manager.
-- Somebody absent is stood in for by the substitute, if that person sees the customer, else by a colleague of the role
-- (the credit manager for what was given to a person by name), and gets the task back on return. A task nobody can take stays without a person and is shown to the credit managers.
-- Other parameters: `roles` and `profiles` (text[]), pairs of assign_to and profile; `scoped` (text[]), profiles that
-- see nothing without a scope; `looking` (text[]), profiles that see customers by their scopes or all of them; `kinds`
-- (text[]) and `efforts` (integer[]), minutes that a task takes where the table says nothing; `day_of_work`, minutes.
-- reads: actions_task, worklist_assignment, worklist_absence, worklist_capacity, worklist_effort
-- reads: worklist_spokenlanguage, access_user, access_assignment, access_scope
-- reads: access_orgunit, portfolio_customer, portfolio_salesperson, portfolio_hold, portfolio_creditor,
-- reads: portfolio_creditclass
-- writes: worklist_assignment
with recursive units_and_what_they_are_in as (
    select
        id,
        code,
        parent_id
    from access_orgunit
    union all
    select
        unit.id,
        above.code,
        above.parent_id
    from units_and_what_they_are_in as unit
    inner join access_orgunit as above on above.id = unit.parent_id
),

people_away as (
    select distinct on (user_id)
        user_id,
        substitute_id
    from worklist_absence
    where starts_on <= %(as_of)s and ends_on >= %(as_of)s
    order by user_id asc, ends_on desc, id asc
),

people_there as (
    select person.id
    from access_user as person
    left join people_away as away on away.user_id = person.id
    where person.is_active and away.user_id is null
),

tasks_to_give as (
    select
        task.id,
        task.customer_id,
        task.assign_to,
        held.user_id as had_by,
        coalesce((held.reasons ->> 'for')::bigint, held.user_id) as owner_id,
        coalesce(held.by_hand, false) as by_hand,
        case task.assign_to
            when 'collector' then account.collector_id
            when 'salesperson' then seller.user_id
            when 'owner' then hold.owner_id
        end as named_id
    from actions_task as task
    inner join portfolio_customer as account on account.id = task.customer_id
    left join portfolio_salesperson as seller on seller.id = account.salesperson_id
    left join portfolio_hold as hold on hold.id = task.hold_id
    left join worklist_assignment as held on held.task_id = task.id
    left join people_there as holder on holder.id = held.user_id
    left join people_there as owner on owner.id = (held.reasons ->> 'for')::bigint
    left join people_there as named on named.id = account.collector_id
    where task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
        and (
            holder.id is null
            or owner.id is not null
            or (
                task.assign_to = 'collector'
                and named.id is not null
                and named.id <> held.user_id
                and not held.by_hand
            )
        )
),

accounts_concerned as (
    select distinct customer_id from tasks_to_give
),

facts_of_accounts as (
    select
        concerned.customer_id,
        fact.key,
        fact.code
    from accounts_concerned as concerned
    inner join portfolio_customer as account on account.id = concerned.customer_id
    inner join portfolio_creditor as creditor on creditor.id = account.creditor_id
    left join portfolio_salesperson as seller on seller.id = account.salesperson_id
    left join portfolio_creditclass as class on class.id = account.credit_class_id
    left join access_user as collector on collector.id = account.collector_id
    cross join lateral (
        values
        ('creditor', creditor.code),
        ('salesperson', seller.code),
        ('class', class.code),
        ('collector', collector.username)
    ) as fact (key, code)
    where fact.code is not null
    union all
    select
        concerned.customer_id,
        place.key,
        unit.code
    from accounts_concerned as concerned
    inner join portfolio_customer as account on account.id = concerned.customer_id
    cross join lateral (
        values
        ('area', account.area_id),
        ('division', account.division_id),
        ('sector', account.sector_id)
    ) as place (key, unit_id)
    inner join units_and_what_they_are_in as unit on unit.id = place.unit_id
),

profiles_in_force as (
    select
        pair.role,
        held.id as assignment_id,
        held.user_id,
        held.profile,
        exists (
            select 1 from access_scope as scope where scope.assignment_id = held.id and scope.key <> 'creditor'
        ) as is_scoped
    from unnest(%(roles)s::text[], %(profiles)s::text[]) as pair (role, profile)
    inner join access_assignment as held on held.profile = pair.profile
    inner join people_there as person on person.id = held.user_id
    where (held.valid_from is null or held.valid_from <= %(as_of)s)
        and (held.valid_until is null or held.valid_until >= %(as_of)s)
),

minutes_of_kinds as (
    select
        given.kind,
        coalesce(held.minutes, given.minutes) as minutes
    from unnest(%(kinds)s::text[], %(efforts)s::integer[]) as given (kind, minutes)
    left join worklist_effort as held on held.kind = given.kind
),

load_of_people as (
    select
        held.user_id,
        sum(coalesce(effort.minutes, 6)) as minutes
    from worklist_assignment as held
    inner join actions_task as task on task.id = held.task_id
    left join minutes_of_kinds as effort on effort.kind = task.kind
    -- A click that leaves nothing to give does not add up what everybody has.
    where task.status = 'open' and exists (select 1 from tasks_to_give)
    group by held.user_id
),

-- As many seats as minutes are left of a person's day: 40 for the longest day while it is free, 1 for a full one.
seats_of_people as (
    select
        day.user_id,
        greatest(1, round(40 * (day.minutes - coalesce(load.minutes, 0))::numeric / max(day.minutes) over ()))::integer as seats
    from (
        select
            person.id as user_id,
            coalesce(held.minutes_a_day, %(day_of_work)s::integer) as minutes
        from people_there as person
        left join worklist_capacity as held on held.user_id = person.id
    ) as day
    left join load_of_people as load on load.user_id = day.user_id
),

accounts_and_roles as (
    select distinct customer_id, assign_to as role from tasks_to_give
    union
    select distinct customer_id, 'credit_manager' from tasks_to_give
),

people_who_cover as (
    select distinct on (concerned.customer_id, concerned.role, profile.user_id)
        concerned.customer_id,
        concerned.role,
        profile.user_id,
        profile.is_scoped
    from accounts_and_roles as concerned
    inner join profiles_in_force as profile on profile.role = concerned.role
    where (profile.is_scoped or profile.profile <> all(%(scoped)s::text[]))
        and not exists (
            select 1
            from access_scope as scope
            where scope.assignment_id = profile.assignment_id
                and not exists (
                    select 1
                    from access_scope as other
                    inner join facts_of_accounts as fact on fact.key = other.key and fact.code = other.code
                    where other.assignment_id = profile.assignment_id
                        and other.key = scope.key
                        and fact.customer_id = concerned.customer_id
                )
        )
    order by concerned.customer_id asc, concerned.role asc, profile.user_id asc, profile.is_scoped desc
),

how_close_they_are as (
    select
        covering.customer_id,
        covering.role,
        covering.user_id,
        case
            when account.language = '' or account.language = person.language or spoken.id is not null then 2
            else 0
        end + covering.is_scoped::integer as closeness
    from people_who_cover as covering
    inner join portfolio_customer as account on account.id = covering.customer_id
    inner join access_user as person on person.id = covering.user_id
    left join worklist_spokenlanguage as spoken
        on spoken.user_id = covering.user_id and spoken.language = account.language
),

the_closest_of_them as (
    select
        customer_id,
        role,
        array_agg(user_id order by user_id) as people
    from (
        select
            near.*,
            max(near.closeness) over (partition by near.customer_id, near.role) as closest
        from how_close_they_are as near
    ) as ranked
    where closeness = closest
    group by customer_id, role
),

accounts_in_turn as (
    select
        customer_id,
        role,
        people,
        row_number() over (partition by role, people order by customer_id) - 1 as turn
    from the_closest_of_them
),

-- The seats of several people stand between each other, so that also the first few accounts are shared out.
seats_in_turn as (
    select
        together.people,
        person.user_id,
        row_number() over (
            partition by together.people order by (seat.number - 0.5) / room.seats, person.user_id
        ) - 1 as place,
        count(*) over (partition by together.people) as how_many
    from (select distinct people from accounts_in_turn) as together
    cross join lateral unnest(together.people) as person (user_id)
    inner join seats_of_people as room on room.user_id = person.user_id
    cross join lateral generate_series(1, room.seats) as seat (number)
),

person_of_the_role as (
    select
        turn.customer_id,
        turn.role,
        seat.user_id
    from accounts_in_turn as turn
    inner join seats_in_turn as seat on seat.people = turn.people and seat.place = turn.turn %% seat.how_many
),

person_who_had_the_account as (
    select distinct on (task.customer_id, task.assign_to)
        task.customer_id,
        task.assign_to as role,
        held.user_id
    from accounts_concerned as concerned
    inner join actions_task as task on task.customer_id = concerned.customer_id
    inner join worklist_assignment as held on held.task_id = task.id
    inner join people_who_cover as covering
        on covering.customer_id = task.customer_id
            and covering.role = task.assign_to
            and covering.user_id = held.user_id
    order by task.customer_id asc, task.assign_to asc, task.due_on desc, task.id desc
),

owners_of_tasks as (
    select
        task.id,
        task.customer_id,
        task.had_by,
        case
            when task.by_hand then task.owner_id
            when named.id is not null then task.named_id
            when owner.id is not null or away.user_id is not null then task.owner_id
            else coalesce(before.user_id, role.user_id)
        end as owner_id,
        case
            when not task.by_hand and named.id is null then coalesce(before.user_id, role.user_id)
        end as colleague_id,
        case
            when task.by_hand then 'by_hand'
            when named.id is not null then 'named'
            when before.user_id is not null then 'had_it'
            when role.user_id is not null then 'role'
            else ''
        end as because,
        manager.user_id as manager_id
    from tasks_to_give as task
    left join access_user as named on named.id = task.named_id and named.is_active
    left join people_there as owner on owner.id = task.owner_id
    left join people_away as away on away.user_id = task.owner_id
    left join person_who_had_the_account as before
        on before.customer_id = task.customer_id and before.role = task.assign_to
    left join person_of_the_role as role on role.customer_id = task.customer_id and role.role = task.assign_to
    left join person_of_the_role as manager
        on manager.customer_id = task.customer_id and manager.role = 'credit_manager'
),

substitutes_who_see_it as (
    select distinct
        concerned.customer_id,
        profile.user_id
    from accounts_concerned as concerned
    cross join (
        select
            held.id,
            held.user_id,
            held.profile
        from access_assignment as held
        inner join people_there as person on person.id = held.user_id
        where held.user_id in (select away.substitute_id from people_away as away)
            and held.profile = any(%(looking)s::text[])
            and (held.valid_from is null or held.valid_from <= %(as_of)s)
            and (held.valid_until is null or held.valid_until >= %(as_of)s)
    ) as profile
    where (
        profile.profile <> all(%(scoped)s::text[])
        or exists (
            select 1 from access_scope as own where own.assignment_id = profile.id and own.key <> 'creditor'
        )
    )
    and not exists (
        select 1
        from access_scope as scope
        where scope.assignment_id = profile.id
            and not exists (
                select 1
                from access_scope as other
                inner join facts_of_accounts as fact on fact.key = other.key and fact.code = other.code
                where other.assignment_id = profile.id
                    and other.key = scope.key
                    and fact.customer_id = concerned.customer_id
            )
    )
),

people_for_tasks as (
    select
        task.id,
        task.had_by,
        case
            when owner.id is not null then owner.id
            when stand_in.id is not null then stand_in.id
            else coalesce(task.colleague_id, task.manager_id)
        end as user_id,
        case
            when owner.id is not null then task.because
            when stand_in.id is not null then 'substitute'
            when task.colleague_id is not null then 'role'
            when task.manager_id is not null then 'credit_manager'
            else 'nobody'
        end as because,
        case
            when owner.id is null and task.owner_id is not null then jsonb_build_object('for', task.owner_id)
            else '{}'::jsonb
        end as reasons
    from owners_of_tasks as task
    left join people_there as owner on owner.id = task.owner_id
    left join people_away as away on away.user_id = task.owner_id
    left join substitutes_who_see_it as seeing
        on seeing.user_id = away.substitute_id and seeing.customer_id = task.customer_id
    left join people_there as stand_in on stand_in.id = seeing.user_id
)

insert into worklist_assignment (task_id, user_id, assigned_on, because, reasons)
select
    id,
    user_id,
    %(as_of)s::date,
    because,
    reasons
from people_for_tasks
on conflict (task_id) do update
    set user_id = excluded.user_id,
        assigned_on = excluded.assigned_on,
        because = excluded.because,
        reasons = excluded.reasons || jsonb_strip_nulls(
            jsonb_build_object('points', worklist_assignment.reasons -> 'points')
        )
    where (worklist_assignment.user_id, worklist_assignment.because, worklist_assignment.reasons -> 'for')
        is distinct from (excluded.user_id, excluded.because, excluded.reasons -> 'for')
