-- One row: a message that waits now, or waits no more, because of its creditor, its channel or its template. In order:
-- start_up (the creditor is in avviamento), channel_paused, no_template, waiting_data (the creditor's ledger is older
-- than `max_data_age` working days; null = never). What waits for an address, a word or a person is left alone.
-- `no_server` is put by the sender, and taken away here once there is a server.
-- Other parameters: `max_data_age` (integer or null), `has_server` (boolean).
-- reads: portfolio_creditor, communications_channelpause, communications_rendition, reference_day
-- writes: actions_message
with pauses_of_the_day as (
    select
        creditor_id,
        channel
    from communications_channelpause
    where starts_on <= %(as_of)s and (lifted_on is null or lifted_on > %(as_of)s)
),

creditors_with_old_data as (
    select creditor.id
    from portfolio_creditor as creditor
    inner join reference_day as told on told.day = creditor.ledger_date
    inner join reference_day as today on today.day = %(as_of)s
    where today.working_number - told.working_number > %(max_data_age)s::integer
),

messages_and_what_holds_them as (
    select
        message.id,
        case
            when creditor.in_start_up then 'start_up'
            when exists (
                select 1
                from pauses_of_the_day as pause
                where pause.channel = message.goes_by
                    and (pause.creditor_id is null or pause.creditor_id = message.creditor_id)
            ) then 'channel_paused'
            when not exists (
                select 1 from communications_rendition as text where text.message_id = message.id and text.superseded_on is null
            ) then 'no_template'
            when exists (select 1 from creditors_with_old_data as old where old.id = message.creditor_id) then 'waiting_data'
            when message.held_because = 'no_server' and not %(has_server)s::boolean then 'no_server'
            else ''
        end as because
    from actions_message as message
    inner join portfolio_creditor as creditor on creditor.id = message.creditor_id
    where message.status in ('queued', 'held')
        and message.claimed_at is null
        and message.goes_by <> ''
        and message.held_because not in ('stale', 'no_address', 'no_channel', 'approval', 'consult')
        and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
)

update actions_message as message
set
    status = case when held.because = '' then 'queued' else 'held' end,
    held_because = held.because
from messages_and_what_holds_them as held
where message.id = held.id
    and (message.status, message.held_because)
    is distinct from (case when held.because = '' then 'queued' else 'held' end, held.because)
