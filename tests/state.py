"""What a tenant's rows say, without ids and instants: two histories that mean the same compare equal."""

from typing import Any

from django.db import connection

QUERIES = {
    "items": """
        select c.code, i.document_number, i.open_amount, i.closed_on, i.closing_cause
        from portfolio_item i join portfolio_customer c on c.id = i.customer_id
    """,
    "movements": """
        select c.code, i.document_number, m.day, m.amount, m.cause, m.is_applied
        from portfolio_movement m join portfolio_item i on i.id = m.item_id join portfolio_customer c on c.id = i.customer_id
    """,
    "positions": """
        select c.code, p.balance, p.overdue, p.buckets
        from portfolio_position p join portfolio_customer c on c.id = p.customer_id
    """,
    "planned": """
        select c.code, a.due_on, a.kind, a.step_code, a.channel, a.action, a.withdrawn_on, a.is_carried_out
        from actions_plannedaction a join portfolio_customer c on c.id = a.account_id
    """,
    "listed": """
        select c.code, a.due_on, a.step_code, i.document_number, l.role, l.open_amount
        from actions_actionitem l
        join actions_plannedaction a on a.id = l.planned_action_id
        join portfolio_customer c on c.id = a.account_id
        join portfolio_item i on i.id = l.item_id
    """,
    "taken": """
        select c.code, i.document_number, t.step_code, t.taken_on, t.voided_on
        from strategies_takenstep t join portfolio_item i on i.id = t.item_id join portfolio_customer c on c.id = i.customer_id
    """,
    "tasks": """
        select c.code, t.kind, t.step_code, t.due_on, t.status
        from actions_task t join portfolio_customer c on c.id = t.customer_id
    """,
    "assigned": """
        select c.code, t.step_code, u.username
        from worklist_assignment a
        join actions_task t on t.id = a.task_id
        join portfolio_customer c on c.id = t.customer_id
        left join access_user u on u.id = a.user_id
    """,
    "messages": """
        select c.code, m.step_code, m.channel, m.due_on, m.status, m.to_address
        from actions_message m join portfolio_customer c on c.id = m.account_id
    """,
    "renditions": """
        select c.code, m.step_code, m.due_on, r.number, r.superseded_on, r.subject, r.body
        from communications_rendition r
        join actions_message m on m.id = r.message_id
        join portfolio_customer c on c.id = m.account_id
    """,
}


def rows_of(name: str) -> list[tuple[Any, ...]]:
    """The rows of one query, in an order of their own."""
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[name])
        return sorted(cursor.fetchall(), key=repr)


def state() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a repeated, resumed or killed run must leave the same."""
    return {name: rows_of(name) for name in QUERIES}
