-- One row: a customer of an account that has an item whose next step may be due on `as_of`, by its dates alone.
-- It may name an account too many, never one too few: what `find_due_steps` asks of conditions, holds, tasks and
-- minimums is not asked here. A night looks closer at these accounts only.
-- Other parameters: `due_until` (date), after which no item can have a step due.
-- reads: portfolio_item, portfolio_customer, strategies_enrolment, strategies_version, strategies_step,
-- reads: strategies_progress, strategies_order
with marks_of_versions as (
    select
        step.version_id,
        max(step.position) as last_position,
        bool_or(step.track <> '' or step.params ->> 'repeat_every' is not null) as never_ends,
        greatest(1, min(
            least(coalesce(step.min_days, version.days_between_steps), (step.params ->> 'repeat_every')::integer)
        )) as shortest_wait
    from strategies_step as step
    inner join strategies_version as version on version.id = step.version_id
    group by step.version_id
),

open_items as (
    select
        id,
        customer_id
    from portfolio_item
    where closed_on is null
        and open_amount > 0
        and due_date <= %(due_until)s
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
),

accounts as (
    select distinct customer.account_id
    from open_items as item
    inner join portfolio_customer as customer on customer.id = item.customer_id
    inner join strategies_enrolment as enrolment on enrolment.account_id = customer.account_id
    inner join marks_of_versions as marks on marks.version_id = enrolment.version_id
    left join strategies_progress as progress on progress.item_id = item.id
    left join strategies_step as here on here.version_id = enrolment.version_id and here.code = progress.level
    left join strategies_order as standing on standing.item_id = item.id and standing.spent_on is null
    where (%(customers)s::bigint[] is null or customer.id = any(%(customers)s))
        and (
            standing.item_id is not null
            or (
                (progress.level_on is null or %(as_of)s::date - progress.level_on >= marks.shortest_wait)
                and (progress.not_before is null or progress.not_before <= %(as_of)s)
                and (here.position is null or here.position < marks.last_position or marks.never_ends)
            )
        )
)

select customer.id
from portfolio_customer as customer
inner join accounts on accounts.account_id = customer.account_id
where (%(customers)s::bigint[] is null or customer.id = any(%(customers)s))
union
select account_id
from accounts
