-- One row: a notice closed because the same person has another one of the same thing: two roles with one holder, or with
-- nobody and so with the credit manager. Who only stands in for somebody keeps both.
-- reads: actions_task, worklist_assignment
-- writes: actions_task
with notices_of_each_person as (
    select
        task.id,
        row_number() over (
            partition by task.customer_id, task.about_id, task.due_on, task.note, held.user_id
            order by task.id
        ) as place
    from actions_task as task
    inner join worklist_assignment as held on held.task_id = task.id
    where task.status = 'open'
        and task.kind = 'internal'
        and task.subject = 'notify'
        and held.reasons -> 'for' is null
        and (%(customers)s::bigint[] is null or task.customer_id = any(%(customers)s))
)

update actions_task as task
set status = 'withdrawn', closed_on = %(as_of)s
from notices_of_each_person as notice
where notice.id = task.id and notice.place > 1
