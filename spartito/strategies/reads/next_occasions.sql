-- One row: an account and a day after `as_of` on which a periodic text or a campaign may reach it: what waits is tried
-- again every day, and so is a text whose conditions may begin to hold.
-- Other parameters: `versions` (bigint[]) and `days` (date[]), side by side: when a text of each begins to be tried.
-- reads: strategies_occasion, strategies_campaign, strategies_enrolment, actions_plannedaction
select
    enrolment.account_id,
    text.day
from strategies_enrolment as enrolment
inner join unnest(%(versions)s::bigint[], %(days)s::date[]) as text (version_id, day)
    on text.version_id = enrolment.version_id
where (%(customers)s::bigint[] is null or enrolment.account_id = any(%(customers)s))
union all
select
    occasion.account_id,
    greatest(occasion.wanted_on, %(as_of)s::date + 1)
from strategies_occasion as occasion
left join strategies_campaign as campaign on campaign.id = occasion.campaign_id
where occasion.until > %(as_of)s
    and campaign.stopped_on is null
    and (%(customers)s::bigint[] is null or occasion.account_id = any(%(customers)s))
    and not exists (
        select 1
        from actions_plannedaction as planned
        where planned.occasion_id = occasion.id
            and (planned.withdrawn_on is null or planned.withdrawn_because in ('paid', 'skipped'))
    )
