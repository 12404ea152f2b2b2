-- One row: an item that came to a step for which an action of its account waits already: it will move with it.
-- reads: strategies_duestep, actions_plannedaction
-- writes: actions_actionitem
insert into actions_actionitem (planned_action_id, item_id, role, step_code, is_due_here, open_amount, listed_as)
select
    waiting.id,
    due.item_id,
    'moved',
    due.step_code,
    true,
    due.dunnable,
    (select max(link.listed_as) from actions_actionitem as link where link.planned_action_id = waiting.id)
    + row_number() over (partition by waiting.id order by due.item_id)
from strategies_duestep as due
inner join actions_plannedaction as waiting
    on waiting.account_id = due.account_id
    and waiting.step_code = due.step_code
    and waiting.waits_for = due.waits_for
    and waiting.withdrawn_on is null
where due.waits_for in ('approval', 'consult')
    and (%(customers)s::bigint[] is null or due.account_id = any(%(customers)s))
    and not exists (
        select 1
        from actions_actionitem as link
        inner join actions_plannedaction as other on other.id = link.planned_action_id
        where link.item_id = due.item_id and link.role = 'moved' and other.waits_for <> '' and other.withdrawn_on is null
    )
on conflict (planned_action_id, item_id) do update
set role = 'moved', step_code = excluded.step_code, is_due_here = true, open_amount = excluded.open_amount
