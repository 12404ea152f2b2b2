-- One row: a customer newly proposed to the lawyers by a step, or no longer: its step withdrawn and no other in force.
-- reads: actions_plannedaction
-- writes: portfolio_customer
with proposals_to_make as (
    select
        account_id,
        min(due_on) as proposed_on
    from actions_plannedaction
    where not is_carried_out
        and withdrawn_on is null
        and waits_for = ''
        and action = 'propose_legal'
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    group by account_id
),

-- What a person proposed bears another day than the step's, and stays.
proposals_taken_back as (
    select customer.id
    from portfolio_customer as customer
    inner join actions_plannedaction as proposal on customer.account_id = proposal.account_id
    where customer.legal_proposed_on is not null
        and proposal.action = 'propose_legal'
        and (%(customers)s::bigint[] is null or customer.account_id = any(%(customers)s))
    group by customer.id
    having bool_and(proposal.withdrawn_on is not null)
        and bool_or(proposal.due_on = customer.legal_proposed_on)
),

changes as (
    select
        customer.id,
        made.proposed_on
    from portfolio_customer as customer
    inner join proposals_to_make as made on customer.account_id = made.account_id
    where customer.legal_proposed_on is null
    union all
    select
        id,
        null
    from proposals_taken_back
)

update portfolio_customer as customer
set legal_proposed_on = change.proposed_on
from changes as change
where customer.id = change.id
