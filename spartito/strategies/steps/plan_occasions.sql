-- One row: a contact planned now for an occasion (a text of a period, or a campaign), after the steps of the day were decided. What
-- cannot go keeps in `waits_for` what stands against it, and is tried again on the next working day till its last one.
-- Stops: an account excluded or without a strategy, a hold of the whole account (a statement goes in spite of a dispute, a
-- promise, a plan or a payment check), nothing to list where the text lists something, quiet days, a contact of this day, the contact limit (rules 4, 5, 6, 10, 15).
-- No item moves: they are mentioned.
-- reads: reference_day, strategies_periodic, strategies_campaign, strategies_enrolment, strategies_version, strategies_strategy,
-- reads: portfolio_customer, portfolio_item, portfolio_hold
-- writes: strategies_occasion, actions_plannedaction, actions_actionitem, journal_entry
with today as (
    select day
    from reference_day
    where day = %(as_of)s and is_working
),

occasions_to_come as (
    select
        occasion.id,
        occasion.account_id,
        occasion.code,
        occasion.period,
        occasion.wanted_on,
        occasion.until,
        account.creditor_id,
        account.is_excluded,
        version.id as version_id,
        version.number as version_number,
        version.contact_max,
        version.contact_days,
        strategy.code as strategy_code,
        campaign.id is not null as is_campaign,
        campaign.name as campaign_name,
        coalesce(campaign.assign_to, '') as assign_to,
        coalesce(text.channel, campaign.channel) as channel,
        coalesce(text.template, campaign.template) as template,
        coalesce(text.fallback, campaign.fallback) as fallback,
        coalesce(text.params, '{}'::jsonb) as params,
        coalesce(text.lists, 'dunnable') as lists,
        occasion.period - case text.every when 'month' then interval '1 month' when 'quarter' then interval '3 months' else interval '1 year' end as period_before
    from strategies_occasion as occasion
    cross join today
    inner join portfolio_customer as account on account.id = occasion.account_id
    left join strategies_enrolment as enrolment on enrolment.account_id = occasion.account_id
    left join strategies_version as version on version.id = enrolment.version_id
    left join strategies_strategy as strategy on strategy.id = version.strategy_id
    left join strategies_periodic as text
        on occasion.campaign_id is null and text.version_id = version.id and text.code = occasion.code
    left join strategies_campaign as campaign on campaign.id = occasion.campaign_id and campaign.stopped_on is null
    where occasion.until >= %(as_of)s
        and (text.id is not null or campaign.id is not null)
        and (%(customers)s::bigint[] is null or occasion.account_id = any(%(customers)s))
        and not exists (
            select 1
            from actions_plannedaction as planned
            where planned.occasion_id = occasion.id
                and (planned.withdrawn_on is null or planned.withdrawn_because in ('paid', 'skipped'))
        )
),

-- The day until which a person put it off, when dropping it.
put_off as (
    select
        planned.occasion_id,
        max((planned.params ->> 'not_before')::date) as until
    from occasions_to_come as occasion
    inner join actions_plannedaction as planned
        on planned.occasion_id = occasion.id and planned.withdrawn_because = 'not_before'
    group by planned.occasion_id
),

holds_of_accounts as (
    select
        hold.customer_id as account_id,
        bool_or(hold.kind in ('do_not_contact', 'legal', 'insolvency', 'manual')) as stops_statements
    from portfolio_hold as hold
    inner join occasions_to_come as occasion on occasion.account_id = hold.customer_id
    where hold.item_id is null
        and hold.starts_on <= %(as_of)s
        and (hold.ends_on is null or hold.ends_on >= %(as_of)s)
        and (hold.released_on is null or hold.released_on > %(as_of)s)
    group by hold.customer_id
),

members_not_written_about as (
    select hold.customer_id
    from portfolio_hold as hold
    where hold.item_id is null
        and hold.kind in ('do_not_contact', 'legal', 'insolvency', 'manual')
        and hold.starts_on <= %(as_of)s
        and (hold.ends_on is null or hold.ends_on >= %(as_of)s)
        and (hold.released_on is null or hold.released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or hold.customer_id = any(%(customers)s))
    group by hold.customer_id
),

items_to_list as (
    select
        occasion.id as occasion_id,
        item.id as item_id,
        item.due_date,
        item.open_amount
    from occasions_to_come as occasion
    inner join portfolio_customer as member on member.account_id = occasion.account_id
    inner join portfolio_item as item on item.customer_id = member.id and item.closed_on is null and item.open_amount > 0
    where occasion.lists = 'open'
        and not member.is_excluded
        and not exists (select 1 from members_not_written_about as silent where silent.customer_id = member.id)
    union all
    select
        occasion.id,
        item.id,
        item.due_date,
        judged.dunnable
    from occasions_to_come as occasion
    inner join strategies_judged_items(%(as_of)s, %(customers)s::bigint[] is null, %(customers)s::bigint[], null) as judged
        on judged.account_id = occasion.account_id
    inner join portfolio_item as item on item.id = judged.item_id and item.document_type in ('invoice', 'debit_note')
    where occasion.is_campaign
        and length(coalesce(judged.why_not, '')) < 1
    union all
    select
        occasion.id,
        item.id,
        item.due_date,
        item.amount
    from occasions_to_come as occasion
    inner join portfolio_customer as member on member.account_id = occasion.account_id
    inner join portfolio_item as item
        on item.customer_id = member.id
        and item.closing_cause = 'paid'
        and not item.is_inferred
        and item.document_type in ('invoice', 'debit_note')
        and item.amount > 0
        and item.closed_on > item.due_date
        and item.closed_on >= occasion.period_before
        and item.closed_on < occasion.period
    where occasion.lists = 'delays'
),

what_is_listed as (
    select
        occasion_id,
        count(*) as items
    from items_to_list
    group by occasion_id
),

contacts_of_late as (
    select
        occasion.id as occasion_id,
        count(*) filter (where planned.due_on > %(as_of)s::date - occasion.contact_days) as how_many,
        bool_or(planned.due_on = %(as_of)s) as is_one_today
    from occasions_to_come as occasion
    inner join actions_plannedaction as planned on planned.account_id = occasion.account_id
    where planned.kind = 'contact'
        and planned.origin <> 'answer'
        and planned.withdrawn_on is null
        and planned.due_on <= %(as_of)s
        and planned.due_on > %(as_of)s::date - greatest(coalesce(occasion.contact_days, 1), 1)
    group by occasion.id
),

quiet_versions as (
    select version.id as version_id
    from strategies_version as version
    cross join lateral jsonb_array_elements(version.further -> 'quiet') as period
    where case when period.value ->> 'from' <= period.value ->> 'to'
        then to_char(%(as_of)s::date, 'MM-DD') between period.value ->> 'from' and period.value ->> 'to'
        else to_char(%(as_of)s::date, 'MM-DD') >= period.value ->> 'from'
            or to_char(%(as_of)s::date, 'MM-DD') <= period.value ->> 'to'
    end
    group by version.id
),

occasions_judged as (
    select
        occasion.*,
        coalesce(listed.items, 0) as items,
        coalesce(contacts.how_many, 0) as contacts_of_late,
        case
            when occasion.is_excluded then 'excluded'
            when occasion.version_id is null then 'no_strategy'
            when held.account_id is not null and (occasion.lists <> 'open' or held.stops_statements) then 'hold'
            when occasion.lists in ('open', 'delays') and coalesce(listed.items, 0) = 0 then 'nothing_open'
            when later.until > %(as_of)s then 'put_off'
            when quiet.version_id is not null then 'quiet'
            when coalesce(contacts.is_one_today, false) then 'other_contacts'
            when coalesce(contacts.how_many >= occasion.contact_max, false) then 'contact_limit'
            else ''
        end as stopped_by
    from occasions_to_come as occasion
    left join holds_of_accounts as held on held.account_id = occasion.account_id
    left join what_is_listed as listed on listed.occasion_id = occasion.id
    left join contacts_of_late as contacts on contacts.occasion_id = occasion.id
    left join quiet_versions as quiet on quiet.version_id = occasion.version_id
    left join put_off as later on later.occasion_id = occasion.id
),

-- One contact a day: of several that may go, the one that has waited longest; the others wait.
occasions_in_turn as (
    select
        judged.*,
        case
            when judged.stopped_by <> '' then judged.stopped_by
            when row_number() over (
                partition by judged.account_id, judged.stopped_by = ''
                order by judged.wanted_on asc, judged.until asc, judged.id asc
            ) > 1 then 'other_contacts'
            else ''
        end as stands_against_it
    from occasions_judged as judged
),

what_each_waits_for as (
    update strategies_occasion as occasion
    set waits_for = judged.stands_against_it, looked_on = %(as_of)s
    from occasions_in_turn as judged
    where judged.id = occasion.id
        and (occasion.waits_for, occasion.looked_on) is distinct from (judged.stands_against_it, %(as_of)s::date)
),

planned_now as (
    insert into actions_plannedaction (
        account_id, creditor_id, due_on, kind, origin, step_code, strategy_code, version_id, channel, action, template,
        assign_to, params, why, occasion_id, run_id
    )
    select
        judged.account_id,
        judged.creditor_id,
        %(as_of)s::date,
        'contact',
        'engine',
        judged.code,
        judged.strategy_code,
        judged.version_id,
        judged.channel,
        '',
        judged.template,
        judged.assign_to,
        judged.params || jsonb_build_object('fallback', to_jsonb(judged.fallback), 'lists', judged.lists) || case
            when judged.lists <> 'open' then '{}'::jsonb
            else '{"stopped_by": ["do_not_contact", "legal", "insolvency", "manual"]}'::jsonb
        end,
        jsonb_build_object(
            'strategy', judged.strategy_code,
            'version', judged.version_number,
            'step', judged.code,
            'occasion', case when judged.is_campaign then 'campaign' else 'periodic' end,
            'campaign', judged.campaign_name,
            'period', judged.period,
            'wanted_on', judged.wanted_on,
            'items', judged.items,
            'contacts_of_late', judged.contacts_of_late,
            'contact_max', judged.contact_max,
            'contact_days', judged.contact_days
        ),
        judged.id,
        %(run_id)s::bigint
    from occasions_in_turn as judged
    where judged.stands_against_it = ''
    order by judged.account_id
    on conflict do nothing
    returning id, account_id, occasion_id, channel, why
),

items_listed as (
    insert into actions_actionitem (planned_action_id, item_id, role, open_amount, listed_as)
    select
        planned.id,
        item.item_id,
        'mentioned',
        item.open_amount,
        row_number() over (
            partition by planned.id order by item.due_date, item.item_id
        )
    from planned_now as planned
    inner join items_to_list as item on item.occasion_id = planned.occasion_id
    on conflict do nothing
)

insert into journal_entry (business_date, customer_id, verb, data, run_id, origin)
select
    %(as_of)s::date,
    account_id,
    'contact.planned',
    why || jsonb_build_object('action', id, 'channel', channel),
    %(run_id)s::bigint,
    'engine'
from planned_now
