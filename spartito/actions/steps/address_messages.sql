-- One row: an unsent message whose way or address changed: the step's channel, else its fallbacks in order, the first
-- one that leaves the house (`channels`) and has an address; without any it is held, as no_address or no_channel.
-- Among the contacts of a channel: those of the roles that the step names (`params.to`), in their order; a role `pec` is
-- the registered domicile, so the customer's own address too. Where it names none, e-mail goes to the preferred contact,
-- the accounts office, the customer's own address, finance, the owner; a letter to the preferred contact's address, else
-- the customer's; from the formal notice on (`params.formal`) PEC only to the registered domicile, letters to it first.
-- Other parameters: `channels` (text[]), those that this version carries.
-- reads: actions_plannedaction, portfolio_customer, portfolio_contact
-- writes: actions_message
with unsent_messages as (
    select
        message.id,
        message.account_id,
        message.channel,
        message.goes_by,
        message.to_name,
        message.to_address,
        message.status,
        message.held_because,
        coalesce(action.params -> 'fallback', '[]'::jsonb) as fallback,
        coalesce((action.params ->> 'formal')::boolean, false) and action.params -> 'to' is null as is_formal,
        case when action.params -> 'to' is not null
            then array(select jsonb_array_elements_text(action.params -> 'to'))
        end as roles
    from actions_message as message
    left join actions_plannedaction as action on action.id = message.planned_action_id
    where message.status in ('queued', 'held')
        and message.claimed_at is null
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
),

channels_in_order as (
    select
        id,
        account_id,
        channel,
        is_formal,
        roles,
        0 as place
    from unsent_messages
    union all
    select
        message.id,
        message.account_id,
        other.channel,
        message.is_formal,
        message.roles,
        other.place
    from unsent_messages as message
    cross join lateral jsonb_array_elements_text(message.fallback) with ordinality as other (channel, place)
),

addresses_of_accounts as (
    select
        account.id as account_id,
        account.name,
        account.email,
        account.pec,
        account.address,
        concat_ws(
            e'\n',
            account.address,
            concat_ws(' ', nullif(account.postal_code, ''), account.city, '(' || nullif(account.province, '') || ')'),
            nullif(nullif(account.country, ''), 'IT')
        ) as postal,
        account.address <> '' and account.city <> '' as is_postal,
        'customer' as role,
        array['customer', 'pec'] as roles,
        false as is_preferred,
        2 as rank,
        account.id as tie
    from portfolio_customer as account
    where account.id in (select message.account_id from unsent_messages as message)
    union all
    select
        contact.customer_id,
        coalesce(nullif(contact.name, ''), account.name),
        contact.email,
        contact.pec,
        contact.address,
        concat_ws(
            e'\n',
            contact.address,
            concat_ws(' ', nullif(contact.postal_code, ''), contact.city, '(' || nullif(contact.province, '') || ')'),
            nullif(nullif(contact.country, ''), 'IT')
        ),
        contact.address <> '' and contact.city <> '',
        contact.role,
        array[contact.role],
        contact.is_preferred,
        case
            when contact.is_preferred then 0
            when contact.role = 'accounting' then 1
            when contact.role = 'pec' then 3
            when contact.role = 'finance' then 4
            when contact.role = 'owner' then 5
        end,
        contact.id
    from portfolio_contact as contact
    inner join portfolio_customer as account on account.id = contact.customer_id
    where contact.customer_id in (select message.account_id from unsent_messages as message)
        and (contact.valid_from is null or contact.valid_from <= %(as_of)s)
        and (contact.valid_until is null or contact.valid_until >= %(as_of)s)
),

ways_of_each_message as (
    select
        way.id,
        way.place,
        way.channel,
        place.name,
        case
            when way.channel = 'email' then place.email
            when way.channel = 'pec' then place.pec
            else place.postal
        end as address,
        way.channel = any(%(channels)s::text[]) as is_carried,
        case
            when way.roles is not null
                then (select min(array_position(way.roles, role.name)) from unnest(place.roles) as role (name))
            when way.is_formal and way.channel <> 'email' and place.role in ('pec', 'customer') then -1
            else place.rank
        end as rank,
        place.is_preferred,
        place.role = 'customer' as is_own,
        place.tie
    from channels_in_order as way
    inner join addresses_of_accounts as place on place.account_id = way.account_id
    where case
        when way.channel = 'email' then place.email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'
        when way.channel = 'pec' then place.pec ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'
            and (not way.is_formal or place.role in ('pec', 'customer'))
        when way.channel in ('letter', 'registered_letter') then place.is_postal
            and (way.roles is not null or place.is_preferred or place.role in ('accounting', 'customer'))
        else false
    end
),

best_way_of_each_message as (
    select distinct on (id)
        id,
        channel,
        name,
        address,
        is_carried
    from ways_of_each_message
    where rank is not null
    order by id asc, is_carried desc, place asc, rank asc, is_preferred desc, is_own asc, tie asc
),

messages_as_they_should_stand as (
    select
        message.id,
        coalesce(way.channel, '') as goes_by,
        coalesce(way.name, '') as to_name,
        coalesce(way.address, '') as to_address,
        case
            when message.held_because in ('approval', 'consult') then message.status
            when way.id is null or not way.is_carried then 'held'
            when message.held_because in ('no_address', 'no_channel') then 'queued'
            else message.status
        end as status,
        case
            when message.held_because in ('approval', 'consult') then message.held_because
            when way.id is null then 'no_address'
            when not way.is_carried then 'no_channel'
            when message.held_because in ('no_address', 'no_channel') then ''
            else message.held_because
        end as held_because
    from unsent_messages as message
    left join best_way_of_each_message as way on way.id = message.id
)

update actions_message as message
set
    goes_by = wanted.goes_by,
    to_name = left(wanted.to_name, 200),
    to_address = left(wanted.to_address, 500),
    status = wanted.status,
    held_because = wanted.held_because
from messages_as_they_should_stand as wanted
where message.id = wanted.id
    and (message.goes_by, message.to_name, message.to_address, message.status, message.held_because)
    is distinct from (wanted.goes_by, left(wanted.to_name, 200), left(wanted.to_address, 500), wanted.status, wanted.held_because)
