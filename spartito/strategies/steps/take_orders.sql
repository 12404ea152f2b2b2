-- One row: a standing order given to an item (rule 10): the step that an outcome asked for, or what its strategy does
-- after a promise that was not kept: past its last day (grace included), still open, the promised amount not paid.
-- An outcome's order is for the items that moved with its task, or whose documents it names. An order whose outcome
-- was taken back is forgotten. Of a promise, what was paid are movements on what was promised, from its first to its
-- last day (an inferred closing counts as paid), and money of those days not yet allocated. A promise on a whole
-- customer is about what was due when it was made. One reported and never confirmed ends without a consequence.
-- reads: actions_attempt, actions_actionitem, portfolio_hold, portfolio_item, portfolio_customer, portfolio_movement,
-- reads: portfolio_payment, strategies_enrolment, strategies_version, strategies_takenstep
-- writes: strategies_order, journal_entry
with orders_taken_back as (
    delete from strategies_order as standing
    using actions_attempt as attempt
    where attempt.id = standing.attempt_id
        and attempt.undone_on is not null
        and standing.spent_on is null
        and (%(customers)s::bigint[] is null or attempt.customer_id = any(%(customers)s))
),

asked_for_by_outcomes as (
    select
        about.item_id,
        attempt.then as wanted,
        attempt.id as attempt_id
    from actions_attempt as attempt
    cross join lateral unnest(attempt.item_ids) as about (item_id)
    where attempt.then <> ''
        and attempt.undone_on is null
        and attempt.made_on <= %(as_of)s
        and attempt.made_on > %(as_of)s::date - 31
        and (%(customers)s::bigint[] is null or attempt.customer_id = any(%(customers)s))
        and not exists (
            select 1 from strategies_order as given where given.attempt_id = attempt.id and given.item_id = about.item_id
        )
        and (
            cardinality(attempt.documents) > 0
            or not exists (
                select 1
                from actions_actionitem as moved
                where moved.planned_action_id = attempt.planned_action_id and moved.role = 'moved'
            )
            or exists (
                select 1
                from actions_actionitem as moved
                where moved.planned_action_id = attempt.planned_action_id
                    and moved.role = 'moved'
                    and moved.item_id = about.item_id
            )
        )
),

promises_over as (
    select
        hold.id as hold_id,
        hold.customer_id,
        promiser.account_id,
        hold.item_id,
        hold.amount,
        hold.starts_on,
        hold.ends_on
    from portfolio_hold as hold
    inner join portfolio_customer as promiser on promiser.id = hold.customer_id
    where hold.kind = 'promise'
        and hold.source <> 'reported'
        and hold.ends_on < %(as_of)s
        and (hold.released_on is null or hold.released_on > hold.ends_on)
        and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
),

customers_of_promises as (
    select
        hold_id,
        customer_id
    from promises_over
    where item_id is null
    union
    select
        promise.hold_id,
        member.id
    from promises_over as promise
    inner join portfolio_customer as member on member.account_id = promise.customer_id
    where promise.item_id is null
),

items_promised as (
    select
        promise.*,
        item.closed_on,
        item.open_amount,
        item.open_amount - item.withheld - item.vat_split - item.retention as owed,
        item.document_number
    from promises_over as promise
    inner join portfolio_item as item on item.id = promise.item_id
    union all
    select
        promise.hold_id,
        promise.customer_id,
        promise.account_id,
        item.id,
        promise.amount,
        promise.starts_on,
        promise.ends_on,
        item.closed_on,
        item.open_amount,
        item.open_amount - item.withheld - item.vat_split - item.retention,
        item.document_number
    from promises_over as promise
    inner join customers_of_promises as member on member.hold_id = promise.hold_id
    inner join portfolio_item as item on item.customer_id = member.customer_id
    where promise.item_id is null
        and item.due_date <= promise.starts_on
        and item.open_amount > 0
        and item.closed_on is null
),

-- Only where something is left to decide: an item still open that has neither the order nor a step since.
promises_to_judge as (
    select distinct
        promised.account_id,
        promised.starts_on,
        promised.ends_on
    from items_promised as promised
    where promised.closed_on is null
        and promised.owed > 0
        and not exists (
            select 1
            from strategies_order as given
            where given.hold_id = promised.hold_id and given.item_id = promised.item_id
        )
        and not exists (
            select 1
            from strategies_takenstep as taken
            where taken.item_id = promised.item_id and taken.voided_on is null and taken.taken_on > promised.ends_on
        )
),

promises_and_payments as (
    select
        promised.hold_id,
        promised.account_id,
        promised.item_id,
        promised.starts_on,
        promised.ends_on,
        promised.closed_on,
        promised.owed,
        promised.document_number,
        promised.amount as part,
        coalesce(promised.amount, promised.open_amount + coalesce(movement.gone, 0)) as amount,
        coalesce(movement.paid, 0) as paid
    from items_promised as promised
    inner join promises_to_judge as judged
        on judged.account_id = promised.account_id
        and judged.starts_on = promised.starts_on
        and judged.ends_on = promised.ends_on
    left join lateral (
        select
            -sum(paid.amount) as gone,
            -sum(paid.amount) filter (where paid.cause in ('paid', 'unknown') and paid.day <= promised.ends_on) as paid
        from portfolio_movement as paid
        where paid.item_id = promised.item_id
            and paid.amount < 0
            and paid.day >= promised.starts_on
            and paid.day <= %(as_of)s
    ) as movement on true
),

promises_kept_in_all as (
    select
        promise.account_id,
        promise.starts_on,
        promise.ends_on
    from promises_and_payments as promise
    group by promise.account_id, promise.starts_on, promise.ends_on
    having sum(promise.paid) + coalesce((
        select sum(payment.unallocated)
        from portfolio_payment as payment
        inner join portfolio_customer as member on member.id = payment.customer_id
        where member.account_id = promise.account_id
            and payment.unallocated > 0
            and payment.day between promise.starts_on and promise.ends_on
    ), 0) >= sum(promise.amount)
),

promises_broken as (
    select distinct on (promise.item_id)
        promise.item_id,
        promise.hold_id,
        promise.account_id,
        promise.document_number,
        promise.amount,
        promise.paid,
        promise.ends_on,
        version.on_broken_promise as wanted
    from promises_and_payments as promise
    inner join strategies_enrolment as enrolment on enrolment.account_id = promise.account_id
    inner join strategies_version as version on version.id = enrolment.version_id
    where promise.closed_on is null
        and promise.owed > 0
        and (promise.part is null or promise.paid < promise.part)
        and not exists (
            select 1
            from promises_kept_in_all as kept
            where kept.account_id = promise.account_id
                and kept.starts_on = promise.starts_on
                and kept.ends_on = promise.ends_on
        )
        and not exists (
            select 1
            from strategies_order as given
            where given.item_id = promise.item_id and given.hold_id = promise.hold_id
        )
        and not exists (
            select 1
            from strategies_takenstep as taken
            where taken.item_id = promise.item_id and taken.voided_on is null and taken.taken_on > promise.ends_on
        )
    order by promise.item_id asc, promise.ends_on desc, promise.hold_id desc
),

lines_of_the_journal as (
    insert into journal_entry (business_date, customer_id, item_id, verb, data, run_id, origin)
    select
        %(as_of)s::date,
        account_id,
        item_id,
        'promise.broken',
        jsonb_build_object(
            'document', document_number, 'amount', amount::text, 'paid', paid::text, 'ends_on', ends_on, 'then', wanted
        ),
        %(run_id)s::bigint,
        'engine'
    from promises_broken
)

insert into strategies_order (item_id, wanted, attempt_id, hold_id, given_on)
select
    item_id,
    wanted,
    attempt_id,
    null::bigint,
    %(as_of)s::date
from asked_for_by_outcomes
union all
select
    item_id,
    wanted,
    null,
    hold_id,
    %(as_of)s::date
from promises_broken
on conflict do nothing
