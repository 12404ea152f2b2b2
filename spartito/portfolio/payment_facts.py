"""Facts about how an account paid, from closings that are known to be payments: an inferred one is no fact (design 1.5)."""

from spartito.platform.facts import Fact

LATE_AFTER = 5  # days: what a bank transfer may take over a weekend is not late
OFTEN = 3  # documents in a year

PAYMENTS = f"""left join (
    select
        member.account_id,
        count(*) filter (where item.closed_on > item.due_date + {LATE_AFTER}) as late,
        count(*) filter (where item.closed_on > %(as_of)s::date - 90) as of_late,
        count(*) filter (where item.closed_on > %(as_of)s::date - 90 and item.closed_on > item.due_date) as late_of_late
    from portfolio_customer as member
    inner join portfolio_item as item on item.customer_id = member.id
    where item.closing_cause = 'paid'
        and not item.is_inferred
        and item.document_type in ('invoice', 'debit_note')
        and item.amount > 0
        and item.closed_on > %(as_of)s::date - 365
        and item.closed_on <= %(as_of)s
        and (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as payments on payments.account_id = account.id"""
OVERDUE_NOW = """left join (
    select
        member.account_id,
        bool_or(position.overdue > 0) as is_overdue
    from portfolio_customer as member
    inner join portfolio_position as position on position.customer_id = member.id
    where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
    group by member.account_id
) as standing on standing.account_id = account.id"""

FACTS = [
    Fact("late_payments_12m", "number", "coalesce(payments.late, 0)",
         f"Documenti pagati oltre {LATE_AFTER} giorni dopo la scadenza negli ultimi 12 mesi",
         f"Documents paid more than {LATE_AFTER} days late in the last 12 months", PAYMENTS, "", True),
    Fact("late_payer", "yes_no", f"coalesce(payments.late >= {OFTEN}, false)",
         f"Ritardatario abituale (almeno {OFTEN} pagamenti in ritardo in 12 mesi)",
         f"Repeat late payer (at least {OFTEN} late payments in 12 months)", PAYMENTS, "", True),
    Fact("paid_on_time_90d", "yes_no",
         "coalesce(payments.of_late > 0 and payments.late_of_late = 0, false) and not coalesce(standing.is_overdue, false)",
         "Negli ultimi 90 giorni ha pagato, sempre entro la scadenza, e nulla è scaduto",
         "Paid in the last 90 days, always in time, and nothing is overdue", f"{PAYMENTS}\n{OVERDUE_NOW}", "", True),
]  # fmt: skip
