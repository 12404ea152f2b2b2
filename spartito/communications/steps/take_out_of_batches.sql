-- One row: a letter taken out of a print batch that was not confirmed, because it was withdrawn, held or composed anew
-- since: what lies printed is not what should leave.
-- reads: communications_printbatch, actions_message, communications_rendition
-- writes: communications_printbatchmessage
delete from communications_printbatchmessage as letter
using communications_printbatch as batch, actions_message as message
where batch.id = letter.batch_id
    and batch.confirmed_on is null
    and message.id = letter.message_id
    and (%(customers)s::bigint[] is null or message.account_id = any(%(customers)s))
    and (
        message.status <> 'queued'
        or not exists (
            select 1
            from communications_rendition as text
            where text.id = letter.rendition_id and text.superseded_on is null
        )
    )
