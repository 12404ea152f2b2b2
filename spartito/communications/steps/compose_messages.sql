-- One row: an unsent message composed, or composed anew because what it tells changed (the earlier text stays).
-- It lists what its action listed and may still be asked for (open, less withholding, split VAT, unreleased retention
-- and what a hold covers): the documents due at this step first, the oldest first; credits and money not yet allocated are told apart. All days are those of the message's own day.
-- A statement (`params.lists` open) tells what is open, whatever holds it. A text of a campaign goes also without a document.
-- The text itself is made from template and fields when it is first read or sent; the same both times.
-- reads: actions_message, actions_plannedaction, actions_actionitem, portfolio_item, portfolio_customer
-- reads: portfolio_creditor, portfolio_payment, portfolio_hold, communications_template, communications_rendition
-- writes: communications_rendition, actions_message
with unsent_messages as (
    select
        message.id,
        message.account_id,
        message.planned_action_id,
        message.creditor_id,
        message.template,
        message.language,
        message.due_on,
        coalesce(action.params -> 'include', '[]'::jsonb) as include,
        action.params ->> 'lists' as lists,
        coalesce(action.params ->> 'lists' = 'open', false) as is_statement,
        coalesce(action.params ->> 'lists' <> 'open', false) as may_list_nothing,
        action.params ->> 'pay_by' as pay_by
    from actions_message as message
    left join actions_plannedaction as action on action.id = message.planned_action_id
    where message.status in ('queued', 'held')
        and message.claimed_at is null
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
),

templates_in_force as (
    select distinct on (code, language)
        id,
        code,
        language,
        subject
    from communications_template
    order by code asc, language asc, number desc
),

holds_of_the_day as (
    select
        item_id,
        sum(amount) as part
    from portfolio_hold
    where item_id is not null
        and amount is not null
        and starts_on <= %(as_of)s
        and (ends_on is null or ends_on >= %(as_of)s)
        and (released_on is null or released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
    group by item_id
),

items_wholly_on_hold as (
    select distinct item_id
    from portfolio_hold
    where item_id is not null
        and amount is null
        and starts_on <= %(as_of)s
        and (ends_on is null or ends_on >= %(as_of)s)
        and (released_on is null or released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
),

customers_on_hold as (
    select distinct customer_id
    from portfolio_hold
    where item_id is null
        and starts_on <= %(as_of)s
        and (ends_on is null or ends_on >= %(as_of)s)
        and (released_on is null or released_on > %(as_of)s)
        and (%(customers)s::bigint[] is null or customer_id = any(%(customers)s))
),

documents as (
    select
        message.id as message_id,
        item.id as item_id,
        item.currency,
        item.due_date,
        message.due_on - item.due_date as days,
        asked.amount,
        item.pay_to_iban,
        link.role = 'moved' as is_due_here,
        jsonb_build_object(
            'item', item.id,
            'number', item.document_number,
            'type', item.document_type,
            'issued', item.issue_date,
            'due', item.due_date,
            'days', message.due_on - item.due_date,
            'amount', asked.amount::text,
            'currency', item.currency,
            'returned', item.returned_on,
            'order', nullif(item.order_number, ''),
            'cig', nullif(item.cig, ''),
            'cup', nullif(item.cup, ''),
            'customer', case when item.customer_id <> message.account_id then owner.name end
        ) as document
    from unsent_messages as message
    inner join actions_actionitem as link on link.planned_action_id = message.planned_action_id
    inner join portfolio_item as item on item.id = link.item_id
    inner join portfolio_customer as owner on owner.id = item.customer_id
    left join holds_of_the_day as held on held.item_id = item.id
    cross join lateral (
        select
            item.open_amount - item.withheld - item.vat_split
            - case when message.is_statement then 0 else
                case when item.retention_release_date <= message.due_on then 0 else item.retention end
                + coalesce(held.part, 0)
            end as amount
    ) as asked
    where item.closed_on is null
        and asked.amount > 0
        and (
            message.is_statement
            or (
                not exists (select 1 from items_wholly_on_hold as whole where whole.item_id = item.id)
                and not exists (select 1 from customers_on_hold as hold where hold.customer_id = item.customer_id)
            )
        )
),

documents_of_messages as (
    select
        message_id,
        jsonb_agg(jsonb_strip_nulls(document) order by days <= 0, is_due_here desc, due_date asc, item_id asc) as listed,
        count(*) as how_many,
        count(*) filter (where days > 0) as how_many_overdue,
        min(due_date) as oldest,
        case when count(distinct pay_to_iban) = 1 then min(pay_to_iban) else '' end as iban
    from documents
    group by message_id
),

sums_by_currency as (
    select
        message_id,
        currency,
        sum(amount) filter (where days > 0) as overdue,
        sum(amount) as total
    from documents
    group by message_id, currency
),

sums_of_messages as (
    select
        message_id,
        jsonb_object_agg(currency, coalesce(overdue, 0)::text) as overdue,
        jsonb_object_agg(currency, total::text) as total,
        string_agg(
            to_char(coalesce(nullif(overdue, 0), total), 'FM999,999,999,990.00') || ' ' || currency,
            ' + ' order by currency
        ) filter (where overdue > 0) as written_overdue,
        string_agg(to_char(total, 'FM999,999,999,990.00') || ' ' || currency, ' + ' order by currency) as written_total
    from sums_by_currency
    group by message_id
),

credits as (
    select
        message.id as message_id,
        item.id as tie,
        item.issue_date as day,
        jsonb_build_object(
            'number', item.document_number,
            'type', item.document_type,
            'issued', item.issue_date,
            'amount', item.open_amount::text,
            'currency', item.currency
        ) as credit
    from unsent_messages as message
    inner join portfolio_customer as member on member.account_id = message.account_id
    inner join portfolio_item as item on item.customer_id = member.id
    where item.closed_on is null and item.open_amount < 0
    union all
    select
        message.id,
        payment.id,
        payment.day,
        jsonb_build_object(
            'number', nullif(payment.reference, ''),
            'type', 'payment',
            'issued', payment.day,
            'amount', (-payment.unallocated)::text,
            'currency', payment.currency
        )
    from unsent_messages as message
    inner join portfolio_customer as member on member.account_id = message.account_id
    inner join portfolio_payment as payment on payment.customer_id = member.id
    where payment.unallocated > 0 and payment.day <= %(as_of)s
),

credits_of_messages as (
    select
        message_id,
        jsonb_agg(jsonb_strip_nulls(credit) order by day asc, tie asc) as listed
    from credits
    group by message_id
),

messages_as_they_should_read as (
    select
        message.id,
        message.due_on,
        template.id as template_id,
        template.language,
        left(
            replace(replace(replace(replace(replace(replace(
                template.subject,
                '{documents_count}', told.documents::text),
                '{total}', case
                    when template.language = 'en' then told.total
                    else translate(told.total, ',.', '.,')
                end),
                '{date}', to_char(message.due_on, 'DD/MM/YYYY')),
                '{customer_code}', account.code),
                '{creditor_name}', creditor.name),
                '{customer_name}', account.name),
            300
        ) as subject,
        jsonb_strip_nulls(jsonb_build_object(
            'date', message.due_on,
            'customer', jsonb_build_object('code', account.code, 'name', account.name, 'consumer', account.is_consumer),
            'documents', coalesce(document.listed, '[]'::jsonb),
            'overdue_count', coalesce(document.how_many_overdue, 0),
            'oldest', document.oldest,
            'overdue', coalesce(sums.overdue, '{}'::jsonb),
            'total', coalesce(sums.total, '{}'::jsonb),
            'credits', coalesce(credit.listed, '[]'::jsonb),
            'lists', message.lists,
            'include', message.include,
            'pay_by', message.pay_by,
            'iban', nullif(document.iban, '')
        )) as fields
    from unsent_messages as message
    inner join portfolio_customer as account on account.id = message.account_id
    inner join portfolio_creditor as creditor on creditor.id = message.creditor_id
    left join documents_of_messages as document on document.message_id = message.id
    left join sums_of_messages as sums on sums.message_id = message.id
    left join credits_of_messages as credit on credit.message_id = message.id
    inner join lateral (
        select
            choice.id,
            choice.language,
            choice.subject
        from templates_in_force as choice
        where choice.code = message.template
        order by choice.language = message.language desc, choice.language = creditor.language desc, choice.language = 'it' desc
        limit 1
    ) as template on true
    cross join lateral (
        select case
            when message.is_statement then coalesce(sums.written_total, '')
            else coalesce(sums.written_overdue, sums.written_total, '')
        end as total,
        case
            when message.is_statement then document.how_many
            else coalesce(nullif(document.how_many_overdue, 0), document.how_many, 0)
        end as documents
    ) as told
    where document.message_id is not null or message.may_list_nothing
),

messages_that_read_otherwise as (
    select
        wanted.*,
        coalesce(
            (
                select max(earlier.number)
                from communications_rendition as earlier
                where earlier.message_id = wanted.id
            ),
            0
        ) as last_number
    from messages_as_they_should_read as wanted
    left join communications_rendition as present
        on present.message_id = wanted.id and present.superseded_on is null
    where present.id is null
        or present.template_id is distinct from wanted.template_id
        or present.subject <> wanted.subject
        or present.fields - 'interest' - 'delays' <> wanted.fields
),

texts_superseded as (
    update communications_rendition as earlier
    set superseded_on = %(as_of)s
    from messages_that_read_otherwise as changed
    where earlier.message_id = changed.id and earlier.superseded_on is null
    returning earlier.id
),

messages_with_their_subject as (
    update actions_message as message
    set subject = changed.subject, language = changed.language
    from messages_that_read_otherwise as changed
    where message.id = changed.id
)

insert into communications_rendition (message_id, number, template_id, composed_on, subject, body, fields)
select
    changed.id,
    changed.last_number + 1,
    changed.template_id,
    %(as_of)s::date,
    changed.subject,
    '',
    changed.fields
from messages_that_read_otherwise as changed
-- Counting them makes sure that the earlier texts are superseded before the first new one comes in.
where (select count(*) from texts_superseded) >= 0
