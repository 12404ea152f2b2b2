-- One row: an order block carried out: a new one, or the one in force raised to the step's level (never lowered).
-- reads: actions_plannedaction, portfolio_block
-- writes: portfolio_block, actions_plannedaction, journal_entry
with blocks_to_put as (
    update actions_plannedaction
    set is_carried_out = true
    where not is_carried_out
        and withdrawn_on is null
        and kind = 'measure'
        and action = 'order_block'
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    returning id, account_id, step_code, due_on, coalesce((params ->> 'level')::smallint, 1) as level
),

the_highest_of_each_account as (
    select distinct on (account_id)
        id,
        account_id,
        step_code,
        due_on,
        level
    from blocks_to_put
    order by account_id asc, level desc, id asc
),

blocks_raised as (
    update portfolio_block as block
    set level = put.level, planned_action_id = put.id
    from the_highest_of_each_account as put
    where block.customer_id = put.account_id
        and block.released_on is null
        and block.level < put.level
    returning block.customer_id, block.level, put.step_code
),

blocks_added as (
    insert into portfolio_block (customer_id, level, reason, starts_on, planned_action_id)
    select
        put.account_id,
        put.level,
        'overdue_beyond_threshold',
        put.due_on,
        put.id
    from the_highest_of_each_account as put
    where not exists (
        select 1
        from portfolio_block as block
        where block.customer_id = put.account_id and block.released_on is null
    )
    returning customer_id, level
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    customer_id,
    'block.raised',
    jsonb_build_object('level', level),
    %(run_id)s::bigint,
    'engine'
from (
    select customer_id, level from blocks_raised
    union all
    select customer_id, level from blocks_added
) as changed
