-- One row: an account and the first day after `as_of` on which its next step may be due; without a row nothing is in sight.
-- It may name a day too early, never one too late: every account is tried with the real steps. A step that is reached and
-- waits is tried when its wait can end: the contact limit lets one out, a quiet period is over, something falls due or is
-- paid, so that enough is overdue or a condition may hold. What is paid before its step is never tried.
-- Other parameters: `balances_matter` (boolean), whether a strategy asks for facts that change as items fall due or are
-- paid, so that those days count too; `lasting_steps` (bigint[]), whose conditions neither days nor payments change;
-- `balance_steps` (bigint[]), whose conditions change only when something falls due or is paid; `item_steps` (bigint[]),
-- whose conditions hold for items one by one and are known of those that reached their day. Items for which one cannot
-- hold, as long as their balance stays and until a new exchange rate, stand in `pg_temp.out_of_question`
-- (`outlook.begin_agenda`).
-- reads: portfolio_item, portfolio_customer, portfolio_movement, portfolio_paymenttype, portfolio_hold,
-- reads: portfolio_position, portfolio_payment, strategies_enrolment, strategies_version, strategies_step, strategies_progress,
-- reads: strategies_paymentrule, strategies_duestep, strategies_order, strategies_takenstep, strategies_conditionresult,
-- reads: actions_plannedaction, actions_message, actions_task, reference_exchangerate, reference_day, out_of_question
with money_on_its_way as (
    select
        movement.item_id, customer.account_id,
        sum(movement.amount) as amount,
        min(movement.day) as first_day,
        max(movement.day) as last_day
    from portfolio_movement as movement
    inner join portfolio_item as item on item.id = movement.item_id
    inner join portfolio_customer as customer on customer.id = item.customer_id
    where not movement.is_applied and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    group by movement.item_id, customer.account_id
),

payments_to_come as (
    select
        member.account_id,
        min(payment.day) as first_day
    from portfolio_payment as payment
    inner join portfolio_customer as member on member.id = payment.customer_id
    where payment.unallocated > 0
        and payment.day > %(as_of)s
        and (%(customers)s::bigint[] is null or payment.customer_id = any(%(customers)s))
    group by member.account_id
),

-- What rule 2 says today; what only a hold's end or a person changes is not tried every day.
judged_today as materialized (
    select
        judged.item_id, judged.account_id, judged.version_id, judged.days, judged.dunnable_here, judged.why_not
    from strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], %(as_of)s::date + 400) as judged
),

-- The last day before a working day so many working days after it: `day` + `lag` working days.
lags as (
    select
        start.day, lag.lag,
        min(later.day) as ends_on
    from (select distinct bank_lag as lag from strategies_version where bank_lag > 0) as lag
    inner join reference_day as start on start.day between %(as_of)s::date - 200 and %(as_of)s::date + 400
    inner join reference_day as later on later.working_number = start.working_number + lag.lag
        and later.is_working
        and later.day between %(as_of)s::date - 200 and %(as_of)s::date + 500 group by start.day, lag.lag
),

-- Up to which position contacts go out in a quiet period, and the first day on which that is otherwise.
quiet_days as (
    select
        version_id, day, highest,
        min(day) filter (where is_other) over (
            partition by version_id order by day rows between 1 following and unbounded following
        ) as over_on
    from (
        select
            daily.*,
            daily.highest is distinct from lag(daily.highest) over (partition by daily.version_id order by daily.day)
                as is_other
        from (
            select
                version.id as version_id, calendar.day,
                min(coalesce(step.position, 0)) filter (
                    where case when period.value ->> 'from' <= period.value ->> 'to'
                        then to_char(calendar.day, 'MM-DD') between period.value ->> 'from' and period.value ->> 'to'
                        else to_char(calendar.day, 'MM-DD') >= period.value ->> 'from'
                            or to_char(calendar.day, 'MM-DD') <= period.value ->> 'to'
                    end
                ) as highest
            from strategies_version as version
            cross join lateral jsonb_array_elements(version.further -> 'quiet') as period
            inner join reference_day as calendar on calendar.day between %(as_of)s::date + 1 and %(as_of)s::date + 400
            left join strategies_step as step
                on step.version_id = version.id and step.code = period.value ->> 'max_step'
            group by version.id, calendar.day
        ) as daily
    ) as marked
),

marks_of_versions as (
    select
        version_id, track,
        min(position) filter (where days >= 0) as first_post_due,
        max(position) filter (where params ->> 'repeat_every' is not null) as repeats_at
    from strategies_step group by version_id, track
),

versions as (
    select
        version.id, version.catch_up, version.bank_lag, version.days_between_steps, version.minimum_overdue,
        version.contact_max, version.contact_days, version.absorb_lower,
        exists (
            select 1 from marks_of_versions as marks where marks.version_id = version.id and marks.track <> ''
        ) as has_tracks
    from strategies_version as version
),

next_rates as (
    select min(day) as day
    from reference_exchangerate
    where day > %(as_of)s
),

items as materialized (
    select
        judged.*,
        case
            when coalesce(judged.level, '') = '' then 0
            when here.position is not null and here.track = judged.track then here.position
            when judged.track like '%%*returned' and judged.level_on < judged.dunning_date then 0
            else coalesce((
                select max(lower.position)
                from strategies_step as lower
                where lower.version_id = judged.version_id and lower.track = judged.track and lower.days <= taken.days
            ), 0)
        end as position,
        case when not judged.is_absorbed then here.position end as position_reached,
        judged.level_on + (taken.params ->> 'pay_by')::integer as promised_by
    from (
        select
            item.id as item_id, customer.account_id, enrolment.version_id,
            greatest(item.due_date + coalesce(rule.shift_days, 0), item.returned_on) as dunning_date,
            item.due_date, item.returned_on, item.retention_release_date, item.open_amount,
            case when item.open_amount <= 0 then money.first_day end as opens_on,
            least(money.first_day, rates.day) as changes_on,
            case when item.open_amount + money.amount = 0 then money.last_day else 'infinity'::date end as paid_on,
            progress.level, progress.level_on, progress.not_before, progress.version_id as level_version_id,
            coalesce(progress.is_absorbed, false) as is_absorbed,
            case when version.has_tracks then coalesce((
                select marks.track
                from marks_of_versions as marks where marks.version_id = enrolment.version_id
                    and (
                        marks.track = payment_type.code
                        or (
                            item.bank_status = 'returned'
                            and marks.track in ('*returned', payment_type.code || '*returned')
                        )
                    )
                order by marks.track like '%%*returned' desc, marks.track = '*returned' limit 1
            ), '') else '' end as track
        from portfolio_item as item
        inner join portfolio_customer as customer on customer.id = item.customer_id
        inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
        inner join versions as version on version.id = enrolment.version_id
        left join portfolio_paymenttype as payment_type on payment_type.id = item.payment_type_id
        left join strategies_paymentrule as rule
            on rule.version_id = enrolment.version_id and rule.payment_type = payment_type.code
        left join strategies_progress as progress on progress.item_id = item.id
        left join money_on_its_way as money on money.item_id = item.id
        cross join next_rates as rates
        where item.closed_on is null
            and item.document_type in ('invoice', 'debit_note')
            and (item.open_amount > 0 or money.item_id is not null)
            and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
    ) as judged
    left join strategies_step as here on here.version_id = judged.version_id and here.code = judged.level
    left join strategies_step as taken on taken.version_id = judged.level_version_id and taken.code = judged.level
),

-- When an account's balances are next other than today's, and so what is enough and which conditions hold.
balance_days as (
    select
        changes.account_id,
        least(min(changes.day), rates.day) as day
    from (
        select
            account_id,
            least(
                case when due_date >= %(as_of)s then due_date + 1 end,
                case when dunning_date >= %(as_of)s then dunning_date + 1 end,
                case when returned_on > %(as_of)s then returned_on end,
                case when retention_release_date > %(as_of)s then retention_release_date end
            ) as day
        from items
        union all
        select customer.account_id, case when item.due_date >= %(as_of)s then item.due_date + 1 end
        from portfolio_item as item
        inner join portfolio_customer as customer on customer.id = item.customer_id
        where item.closed_on is null
            and (item.document_type not in ('invoice', 'debit_note') or item.open_amount <= 0)
            and (%(customers)s::bigint[] is null or item.customer_id = any(%(customers)s))
        union all
        select account_id, first_day from money_on_its_way
        union all
        select account_id, first_day from payments_to_come
    ) as changes
    cross join next_rates as rates
    group by changes.account_id, rates.day
),

money_to_their_credit as (
    select
        member.account_id,
        sum(position.unallocated - position.credits) as amount
    from portfolio_position as position
    inner join portfolio_customer as member on member.id = position.customer_id
    where position.unallocated - position.credits <> 0
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s)) group by member.account_id
),

-- Rule 2: of these accounts not enough is overdue for anything to be planned.
accounts_with_too_little as (
    select judged.account_id
    from judged_today as judged
    inner join versions as version on version.id = judged.version_id
    left join money_to_their_credit as theirs on theirs.account_id = judged.account_id
    where judged.why_not is null group by judged.account_id, version.id, version.minimum_overdue, theirs.amount
    having coalesce(sum(judged.dunnable_here) filter (where judged.days > 0), 0) - coalesce(theirs.amount, 0)
        < greatest(version.minimum_overdue, 0.01)
),

-- Rule 6: the day on which the contact limit lets the next one out; withdrawn, an unsent one counts no more.
contacts_in_order as (
    select
        planned.account_id,
        planned.due_on + version.contact_days as counts_until,
        row_number() over (partition by planned.account_id order by planned.due_on desc, planned.id desc) as number,
        version.contact_max
    from actions_plannedaction as planned
    inner join strategies_enrolment as enrolment on enrolment.account_id = planned.account_id
    inner join versions as version on version.id = enrolment.version_id
    where planned.kind = 'contact' and planned.origin <> 'answer' and planned.withdrawn_on is null
        and planned.due_on <= %(as_of)s and planned.due_on > %(as_of)s::date - version.contact_days
        and (%(customers)s::bigint[] is null or planned.account_id = any(%(customers)s))
),

accounts_with_something_unsent as (
    select account_id
    from actions_message where status in ('queued', 'held')
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    union
    select customer_id
    from actions_task where status = 'open' and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    union
    select account_id
    from actions_plannedaction where not is_carried_out and withdrawn_on is null
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

limits as (
    select
        contact.account_id,
        case when unsent.account_id is null then contact.counts_until else least(contact.counts_until, balance.day) end
            as lets_out_on
    from contacts_in_order as contact
    left join accounts_with_something_unsent as unsent on unsent.account_id = contact.account_id
    left join balance_days as balance on balance.account_id = contact.account_id
    where contact.number = contact.contact_max
),

-- Rule 15: a contact below one of late is absorbed at once, whatever the limit.
highest_of_late as (
    select
        item.account_id,
        max(item.position_reached) as position
    from items as item
    inner join versions as version on version.id = item.version_id
    where item.level_on > %(as_of)s::date + 1 - version.absorb_lower group by item.account_id
),

-- Unless a contact at that height or above waits, too: then both wait for the limit, or till what waits is paid, is not
-- enough any more with what else is owed, falls due where the step comes before that, or its condition may fail: `day`.
accounts_that_wait_above as (
    select
        due.account_id,
        max(least(
            case when due.dunnable_here - coalesce(theirs.amount, 0) >= greatest(version.minimum_overdue, 0.01)
                then own.first_day else payment.day end,
            unallocated.first_day,
            case when step.days < 0 then %(as_of)s::date - due.days + 1 end,
            rates.day,
            case when step.id = any(%(balance_steps)s::bigint[]) then balance.day end
        )) as day
    from strategies_duestep as due
    inner join highest_of_late as late on late.account_id = due.account_id and late.position <= due.position
    inner join strategies_step as step on step.id = due.step_id
        and step.channel <> ''
        and not step.must
        and (
            step.conditions = '{}'::jsonb
            or step.id = any(%(lasting_steps)s::bigint[])
            or step.id = any(%(balance_steps)s::bigint[])
        )
    inner join strategies_version as version on version.id = due.version_id and version.further -> 'quiet' is null
    cross join next_rates as rates
    left join strategies_progress as progress on progress.item_id = due.item_id
    left join balance_days as balance on balance.account_id = due.account_id
    left join money_to_their_credit as theirs on theirs.account_id = due.account_id
    left join money_on_its_way as own on own.item_id = due.item_id
    left join payments_to_come as unallocated on unallocated.account_id = due.account_id
    left join (
        select account_id, min(first_day) as day from money_on_its_way group by account_id
    ) as payment on payment.account_id = due.account_id
    where due.as_of = %(as_of)s
        and due.waits_for = ''
        and due.order_id is null
        and progress.level_on is distinct from %(as_of)s
        and (%(customers)s::bigint[] is null or due.account_id = any(%(customers)s))
    group by due.account_id
),

-- What holds for all items of an account.
accounts as (
    select
        mine.account_id,
        balance.day as balance_day,
        little.account_id is not null as has_too_little,
        limits.lets_out_on,
        coalesce(late.position, 0) as highest_of_late,
        above.account_id is not null as waits_above,
        above.day as waits_above_until
    from (select distinct account_id from items) as mine
    left join balance_days as balance on balance.account_id = mine.account_id
    left join accounts_with_too_little as little on little.account_id = mine.account_id
    left join limits on limits.account_id = mine.account_id
    left join highest_of_late as late on late.account_id = mine.account_id
    left join accounts_that_wait_above as above on above.account_id = mine.account_id
),

-- Steps that may come next from a position: those above it up to the first that asks for nothing; before and after the
-- due date each. All of them with `jump_to_latest`, or where the item took one of them before (`is_usual` false).
steps_to_come as (
    select
        place.version_id, place.track, place.position as place, step.id, step.position, step.days,
        greatest(coalesce(step.min_days, version.days_between_steps), 1) as wait,
        step.channel <> '' as is_contact,
        step.channel <> '' and not step.must as is_limited,
        step.conditions <> '{}'::jsonb as asks,
        case when step.position = marks.first_post_due then version.bank_lag else 0 end as lag,
        version.catch_up = 'jump_to_latest'
        or count(*) filter (where step.conditions = '{}'::jsonb) over (
            partition by place.version_id, place.track, place.position, step.days >= 0
            order by step.position rows between unbounded preceding and 1 preceding
        ) = 0 as is_usual
    from (
        select version_id, track, position from strategies_step
        union
        select version_id, track, 0 from strategies_step
    ) as place
    inner join versions as version on version.id = place.version_id
    inner join marks_of_versions as marks on marks.version_id = place.version_id and marks.track = place.track
    inner join strategies_step as step
        on step.version_id = place.version_id and step.track = place.track and step.position > place.position
    union all
    select
        again.version_id, again.track, again.position, again.id, again.position, again.days,
        greatest((again.params ->> 'repeat_every')::integer, 1), again.channel <> '',
        again.channel <> '' and not again.must, again.conditions <> '{}'::jsonb, 0, true
    from strategies_step as again
    inner join marks_of_versions as marks
        on marks.version_id = again.version_id and marks.track = again.track and marks.repeats_at = again.position
),

items_with_a_later_step_taken as (
    select distinct item.item_id
    from items as item
    inner join strategies_takenstep as taken on taken.item_id = item.item_id and taken.voided_on is null
    inner join strategies_step as step
        on step.version_id = item.version_id and step.code = taken.step_code and step.position > item.position
),

items_that_can_move as (
    select items.*, true as is_usual
    from items
    left join judged_today as judged on judged.item_id = items.item_id
    where judged.why_not is null or items.returned_on > %(as_of)s
    union all
    select items.*, false
    from items
    inner join items_with_a_later_step_taken as further on further.item_id = items.item_id
    left join judged_today as judged on judged.item_id = items.item_id
    where judged.why_not is null or items.returned_on > %(as_of)s
),

what_holds as (
    select
        step_id,
        account_id,
        item_id
    from strategies_conditionresult
    where step_id is not null and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
),

days_of_steps as (
    select
        item.account_id, item.version_id, item.paid_on, step.is_contact, step.position,
        greatest(
            %(as_of)s::date + 1,
            item.opens_on, item.not_before,
            coalesce(promise.ends_on, item.promised_by),
            item.level_on + step.wait,
            coalesce(bank.ends_on, item.dunning_date + step.days),
            case when item.dunning_date <= %(as_of)s and account.has_too_little
                then coalesce(account.balance_day, 'infinity') end,
            case when step.asks and theirs.step_id is null and its_own.step_id is null
                and (item.dunning_date + step.days <= %(as_of)s or step.id <> all(%(item_steps)s::bigint[]))
                then case
                    when step.id = any(%(lasting_steps)s::bigint[]) and item.opens_on is null then 'infinity'
                    when step.id = any(%(balance_steps)s::bigint[]) then coalesce(account.balance_day, 'infinity')
                end
            end,
            case when never.item_id is not null then coalesce(item.changes_on, 'infinity') end,
            case
                when not step.is_limited then null
                when step.position >= account.highest_of_late then account.lets_out_on
                when account.waits_above then least(account.lets_out_on, account.waits_above_until)
            end
        ) as day,
        case when step.days < 0 then item.dunning_date else 'infinity'::date end as last_day
    from items_that_can_move as item
    inner join versions as version on version.id = item.version_id
    inner join steps_to_come as step on step.version_id = item.version_id
        and step.track = item.track
        and step.place = item.position
        and step.is_usual = item.is_usual
    inner join accounts as account on account.account_id = item.account_id
    left join lags as promise on promise.day = item.promised_by and promise.lag = version.bank_lag
    left join lags as bank on bank.day = item.dunning_date + step.days and bank.lag = step.lag
    left join what_holds as theirs
        on theirs.step_id = step.id and theirs.account_id = item.account_id and theirs.item_id is null
    left join what_holds as its_own on its_own.step_id = step.id and its_own.item_id = item.item_id
    left join pg_temp.out_of_question as never
        on never.step_id = step.id
        and never.item_id = item.item_id
        and never.open_amount = item.open_amount
        and never.until > %(as_of)s
),

days_of_accounts as (
    select step.account_id, case when step.is_contact and step.position > quiet.highest
        then coalesce(quiet.over_on, step.day) else step.day end as day, step.paid_on, step.last_day
    from days_of_steps as step
    left join quiet_days as quiet on quiet.version_id = step.version_id and quiet.day = step.day
    union all
    select item.account_id, other.day, 'infinity', 'infinity'
    from items as item
    cross join lateral (values (item.retention_release_date), (item.returned_on)) as other (day)
    where other.day > %(as_of)s
    union all
    select item.account_id, item.changes_on, item.paid_on, 'infinity'
    from items as item
    inner join judged_today as judged on judged.item_id = item.item_id
    where judged.why_not in ('not_owed', 'hold', 'below_minimum')
    union all
    select item.account_id, %(as_of)s::date + 1, item.paid_on, 'infinity'
    from items as item
    inner join strategies_order as standing on standing.item_id = item.item_id and standing.spent_on is null
    left join judged_today as judged on judged.item_id = item.item_id
    where judged.why_not is null
    union all
    select customer.account_id, other.day, 'infinity', 'infinity'
    from portfolio_hold as hold
    inner join portfolio_customer as customer on customer.id = hold.customer_id
    cross join lateral (values (hold.starts_on), (hold.ends_on + 1), (hold.released_on), (hold.review_on)) as other (day)
    where other.day > %(as_of)s and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
    union all
    select waiting.account_id, %(as_of)s::date + 1, 'infinity', 'infinity'
    from actions_plannedaction as waiting where waiting.waits_for <> ''
        and waiting.withdrawn_on is null
        and (%(customers)s::bigint[] is null or waiting.account_id = any(%(customers)s))
    union all
    select task.customer_id, greatest(task.due_on, task.not_before, %(as_of)s::date + 1), 'infinity', 'infinity'
    from actions_task as task where task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
    union all
    select balance.account_id, balance.day, 'infinity', 'infinity'
    from balance_days as balance
    left join accounts_with_something_unsent as unsent on unsent.account_id = balance.account_id
    where %(balances_matter)s or unsent.account_id is not null
    union all
    select enrolment.account_id, enrolment.fact_change_on + 7, 'infinity', 'infinity'
    from strategies_enrolment as enrolment where enrolment.fact_change_on + 7 > %(as_of)s
        and (%(customers)s::bigint[] is null or enrolment.account_id = any(%(customers)s))
)

select
    account_id,
    min(day) as day
from days_of_accounts where day < paid_on and day <= last_day and day < 'infinity'::date group by account_id
