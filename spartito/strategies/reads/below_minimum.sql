-- One row: a dunnable overdue item for which nothing is planned, because its account's dunnable overdue, less money to
-- its credit, is not above zero or below the strategy's `minimum_overdue` (rule 2, as `find_due_steps` judges it).
-- reads: portfolio_position, portfolio_customer, strategies_version
-- writes: nothing
with dunnable_overdue_items as (
    select
        item_id,
        account_id,
        version_id,
        dunnable_here
    from strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], null)
    where why_not is null and days > 0
),

money_to_their_credit as (
    select
        member.account_id,
        sum(position.unallocated - position.credits) as amount
    from portfolio_position as position
    inner join portfolio_customer as member on member.id = position.customer_id
    where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
),

sums_of_accounts as (
    select
        item.account_id,
        item.version_id,
        sum(item.dunnable_here) as amount
    from dunnable_overdue_items as item
    group by item.account_id, item.version_id
)

select item.item_id
from dunnable_overdue_items as item
inner join sums_of_accounts as overdue on overdue.account_id = item.account_id and overdue.version_id = item.version_id
inner join strategies_version as version on version.id = item.version_id
left join money_to_their_credit as theirs on theirs.account_id = item.account_id
where overdue.amount - coalesce(theirs.amount, 0) <= 0
    or overdue.amount - coalesce(theirs.amount, 0) < version.minimum_overdue
