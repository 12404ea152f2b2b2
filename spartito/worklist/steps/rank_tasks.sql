-- One row: an open task whose points changed. Priority = the sum of the points, kept one by one in `reasons.points`.
-- Each criterion gives a part of its weight (docs/explanation/priority.md); the weights are the credit manager's:
--   amount   0.24 x log10(1 + overdue of the account / 100), at most 1
--   age      days of the oldest due date / 90, at most 1
--   carried  working days since it was planned or last postponed to / 5, at most 1
--   waiting  the weight for every working day beyond those five, without an end: nothing waits for ever
--   promise  1 when a promise of the last 90 days was not kept: past its last day, and what it was about is still owed
--   rating   by letter, from nothing for the best to 1 for the worst
--   returned 1 when a Ri.Ba. or direct debit of the account came back and is still open
--   step     1 for a proposal of legal action, 1/2 for a call beyond which a formal notice comes (`must`)
--   limit    from nothing at 80 per cent of the credit limit in use to 1 at 120 per cent
--   value    0.25 x log10(1 + invoices of a year / 1,000), at most 1: 100,000 gives 1/2, 10 million 1
-- Other parameters: `criteria` (text[]) and `weights` (integer[]), the weights that hold where the table has none;
-- `ratings` (text[]) and `shares` (integer[]), per cent of its weight that a rating is worth.
-- reads: actions_task, actions_plannedaction, portfolio_customer, portfolio_position, portfolio_hold, portfolio_item
-- reads: reference_day, worklist_weight
-- writes: worklist_assignment
with weights as (
    select
        max(weight.points) filter (where weight.criterion = 'amount') as amount,
        max(weight.points) filter (where weight.criterion = 'age') as age,
        max(weight.points) filter (where weight.criterion = 'carried') as carried,
        max(weight.points) filter (where weight.criterion = 'waiting') as waiting,
        max(weight.points) filter (where weight.criterion = 'promise') as promise,
        max(weight.points) filter (where weight.criterion = 'rating') as rating,
        max(weight.points) filter (where weight.criterion = 'returned') as returned,
        max(weight.points) filter (where weight.criterion = 'step') as step,
        max(weight.points) filter (where weight.criterion = 'limit') as credit_limit,
        max(weight.points) filter (where weight.criterion = 'value') as customer_value
    from (
        select
            given.criterion,
            coalesce(held.points, given.points) as points
        from unnest(%(criteria)s::text[], %(weights)s::integer[]) as given (criterion, points)
        left join worklist_weight as held on held.criterion = given.criterion
    ) as weight
),

open_tasks as (
    select
        task.id,
        task.customer_id,
        greatest(task.due_on, task.not_before) as from_day,
        case
            when task.subject = 'propose_legal' then 1
            when action.must then 0.5
            else 0
        end as step_share
    from actions_task as task
    left join actions_plannedaction as action on action.id = task.planned_action_id
    where task.status = 'open'
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
),

accounts_with_tasks as (
    select distinct customer_id from open_tasks
),

positions_of_accounts as (
    select
        concerned.customer_id,
        sum(position.overdue) as overdue,
        sum(position.returned) as returned,
        min(position.oldest_due_date) as oldest_due_date,
        sum(position.exposure) filter (where member.credit_limit > 0)
        / nullif(sum(member.credit_limit) filter (where member.credit_limit > 0), 0) as limit_in_use
    from accounts_with_tasks as concerned
    inner join portfolio_customer as member on member.account_id = concerned.customer_id
    inner join portfolio_position as position on position.customer_id = member.id
    group by concerned.customer_id
),

promises_not_kept as (
    select distinct concerned.customer_id
    from accounts_with_tasks as concerned
    inner join portfolio_customer as member on member.account_id = concerned.customer_id
    inner join portfolio_hold as promise on promise.customer_id = member.id and promise.kind = 'promise'
    inner join portfolio_position as position on position.customer_id = member.id
    left join portfolio_item as promised on promised.id = promise.item_id
    where promise.ends_on < %(as_of)s
        and promise.ends_on >= %(as_of)s::date - 90
        and (promise.released_on is null or promise.released_on > promise.ends_on)
        and case
            when promise.item_id is null then position.overdue > 0 and position.oldest_due_date <= promise.ends_on
            else promised.closed_on is null and promised.open_amount > 0
        end
),

invoices_of_a_year as (
    select
        concerned.customer_id,
        sum(item.amount) as amount
    from accounts_with_tasks as concerned
    inner join portfolio_customer as member on member.account_id = concerned.customer_id
    inner join portfolio_item as item on item.customer_id = member.id and item.due_date > %(as_of)s::date - 365
    where item.document_type = 'invoice' and (item.issue_date is null or item.issue_date <= %(as_of)s)
    group by concerned.customer_id
),

shares_of_ratings as (
    select
        worth.rating,
        worth.share
    from unnest(%(ratings)s::text[], %(shares)s::integer[]) as worth (rating, share)
),

working_days_waited as (
    select
        task.id,
        greatest(0, today.working_number - planned.working_number) as days
    from open_tasks as task
    inner join reference_day as planned on planned.day = task.from_day
    inner join reference_day as today on today.day = %(as_of)s
),

points_of_tasks as (
    select
        task.id,
        round(
            weight.amount * least(1, 0.24 * log(1 + greatest(coalesce(position.overdue, 0), 0) / 100))
        )::integer as amount,
        round(
            weight.age * least(1, greatest(0, coalesce(%(as_of)s::date - position.oldest_due_date, 0)) / 90.0)
        )::integer as age,
        round(weight.carried * least(1, waited.days / 5.0))::integer as carried,
        (weight.waiting * greatest(0, waited.days - 5))::integer as waiting,
        case
            when promise.customer_id is null then 0
            else weight.promise
        end as promise,
        round(weight.rating * coalesce(rating.share, 0) / 100.0)::integer as rating,
        case
            when position.returned > 0 then weight.returned
            else 0
        end as returned,
        round(weight.step * task.step_share)::integer as step,
        round(
            weight.credit_limit * least(1, greatest(0, (coalesce(position.limit_in_use, 0) - 0.8) / 0.4))
        )::integer as credit_limit,
        round(
            weight.customer_value * least(1, 0.25 * log(1 + greatest(coalesce(invoices.amount, 0), 0) / 1000))
        )::integer as customer_value
    from open_tasks as task
    inner join portfolio_customer as account on account.id = task.customer_id
    inner join working_days_waited as waited on waited.id = task.id
    left join positions_of_accounts as position on position.customer_id = task.customer_id
    left join promises_not_kept as promise on promise.customer_id = task.customer_id
    left join invoices_of_a_year as invoices on invoices.customer_id = task.customer_id
    left join shares_of_ratings as rating on rating.rating = upper(left(account.rating, 1))
    cross join weights as weight
),

priorities as (
    select
        id,
        amount + age + carried + waiting + promise + rating + returned + step + credit_limit
        + customer_value as priority,
        jsonb_build_object(
            'amount', amount, 'age', age, 'carried', carried, 'waiting', waiting, 'promise', promise,
            'rating', rating, 'returned', returned, 'step', step, 'limit', credit_limit, 'value', customer_value
        ) as points
    from points_of_tasks
)

update worklist_assignment as held
set priority = ranked.priority, reasons = held.reasons || jsonb_build_object('points', ranked.points)
from priorities as ranked
where held.task_id = ranked.id
    and (held.priority, held.reasons -> 'points') is distinct from (ranked.priority, ranked.points)
