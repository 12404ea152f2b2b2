-- One row: an account of a campaign, how far it came (`state`: waiting, planned, sent, done, failed, skipped, withdrawn,
-- missed) and what it waits for. Withdrawn: the campaign was stopped before its contact left. Missed: its days are over, or
-- the campaign was stopped, and nothing was planned.
-- Other parameters: `campaign` (bigint).
-- reads: strategies_occasion, strategies_campaign, actions_plannedaction, actions_message, actions_task
select
    occasion.account_id,
    case
        when planned.withdrawn_because = 'skipped' then 'skipped'
        when planned.withdrawn_because = 'paid' then 'missed'
        when planned.withdrawn_because = 'campaign_stopped' then 'withdrawn'
        when task.status in ('done', 'skipped', 'withdrawn') then task.status
        when message.status in ('sent', 'delivered') then 'sent'
        when message.status in ('failed', 'uncertain') then 'failed'
        when planned.id is not null then 'planned'
        when campaign.stopped_on is not null or occasion.until < %(as_of)s then 'missed'
        else 'waiting'
    end as state,
    case
        when planned.id is null then occasion.waits_for
        when message.status = 'held' then message.held_because
        else ''
    end as waits_for,
    planned.due_on
from strategies_occasion as occasion
inner join strategies_campaign as campaign on campaign.id = occasion.campaign_id
left join actions_plannedaction as planned
    on planned.occasion_id = occasion.id
    and (planned.withdrawn_on is null or planned.withdrawn_because in ('paid', 'skipped', 'campaign_stopped'))
left join actions_message as message on message.planned_action_id = planned.id
left join actions_task as task on task.planned_action_id = planned.id
where occasion.campaign_id = %(campaign)s
    and (%(customers)s::bigint[] is null or occasion.account_id = any(%(customers)s))
