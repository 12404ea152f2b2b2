-- One row: a written contact planned and now a message, not yet addressed.
-- One that waits for an approval or a word is held until then. `copy_to` is resolved from the roles of the step (`params.copy_to`): salesperson, collector.
-- reads: actions_plannedaction, portfolio_customer, portfolio_creditor, portfolio_salesperson, access_user
-- writes: actions_message, actions_plannedaction
with contacts_to_write as (
    update actions_plannedaction
    set is_carried_out = true
    where not is_carried_out
        and withdrawn_on is null
        and kind = 'contact'
        and origin = 'engine'
        and channel <> 'phone'
        and (%(customers)s::bigint[] is null or account_id = any(%(customers)s))
    returning id, account_id, creditor_id, step_code, channel, template, due_on, params, waits_for
),

people_who_get_a_copy as (
    select
        contact.id as action_id,
        array_agg(distinct person.email order by person.email) as addresses
    from contacts_to_write as contact
    inner join portfolio_customer as account on account.id = contact.account_id
    left join portfolio_salesperson as seller on seller.id = account.salesperson_id
    left join access_user as seller_user on seller_user.id = seller.user_id
    left join access_user as collector on collector.id = account.collector_id
    cross join lateral (
        values
        ('salesperson', coalesce(nullif(seller.email, ''), nullif(seller_user.email, ''))),
        ('collector', nullif(collector.email, ''))
    ) as person (role, email)
    where person.email is not null
        and contact.params -> 'copy_to' @> to_jsonb(person.role)
    group by contact.id
)

insert into actions_message (
    planned_action_id, account_id, creditor_id, step_code, channel, template, language, copy_to, due_on,
    status, held_because
)
select
    contact.id,
    contact.account_id,
    contact.creditor_id,
    contact.step_code,
    contact.channel,
    contact.template,
    coalesce(nullif(account.language, ''), creditor.language),
    coalesce(copies.addresses, array[]::varchar[]),
    contact.due_on,
    case when contact.waits_for = '' then 'queued' else 'held' end,
    contact.waits_for
from contacts_to_write as contact
inner join portfolio_customer as account on account.id = contact.account_id
inner join portfolio_creditor as creditor on creditor.id = contact.creditor_id
left join people_who_get_a_copy as copies on copies.action_id = contact.id
on conflict (planned_action_id) do nothing
