"""The permission table: what a profile must be allowed to get in at each address, and what stands in the address."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """`needs`: all of them (`any`: one of them). `of`: what in the address belongs to a customer. `posts`: no GET."""

    needs: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    of: str = ""
    others: str = ""  # needed besides where it is not one's own (nothing in this test is)
    posts: bool = False
    fixed: dict[str, Any] = field(default_factory=dict)
    may_be_missing: bool = False  # a file, upload or state that this test does not make


def row(*needs: str, **more: Any) -> Row:
    return Row(needs, **more)


def of_customer(*needs: str, **more: Any) -> Row:
    return Row(("customers.view", *needs), of="customer", **more)


TABLE: dict[str, Row] = {
    # today's score
    "today": row(),
    "panel": row(),
    "score_row": row("tasks.work", of="customer"),
    "guidance": row("tasks.work", "customers.view", of="customer"),
    "trend": row("ageing.view"),
    "outcome": row("tasks.work", of="task", others="tasks.every", posts=True),
    "outcome_ahead": row("tasks.work", of="task", others="tasks.every"),
    "undo_outcome": row("tasks.work", of="task", others="tasks.every", posts=True),
    "next_customer": row("tasks.work"),
    "search": row(),
    # the work of everybody, absences, targets
    "workload": row("work.view"),
    "workload_tasks": row("work.view"),
    "exhausted": row("work.view"),
    "share_out": row("work.manage"),
    "share_out_do": row("work.manage", posts=True),
    "tasks_preview": row("tasks.work", posts=True),
    "tasks_apply": row("tasks.work", posts=True),
    "workload_settings": row("work.manage"),
    "workload_weights": row("work.manage"),
    "workload_efforts": row("work.manage"),
    "workload_person": row("work.manage", fixed={"person": "person"}),
    "workload_target": row("work.manage"),
    "workload_single_persons": row("work.manage"),
    "absences": row("tasks.work"),
    "absence_new": row("tasks.work"),
    "absence_end": row("work.manage", posts=True, fixed={"absence": "absence"}),
    "targets_now": row(),
    # due dates
    "duedates": row("ledger.view"),
    "duedates_ahead": row("ledger.view", "explain.view"),
    "task_plan": row("tasks.work", "customers.view", of="task", may_be_missing=True),
    # a customer
    "customers": row("customers.view"),
    "customers_totals": row("customers.view"),
    "customer": of_customer(),
    "customer_why": of_customer("explain.view"),
    "customer_next": of_customer("explain.view"),
    "customer_history": of_customer("journal.view"),
    "record_contact": of_customer("notes.write", "tasks.work"),
    "write_note": of_customer("notes.write"),
    "put_hold": of_customer(any=("holds.put", "holds.report")),
    "release_hold": of_customer("holds.release", fixed={"hold": "hold"}),
    "assign": of_customer("customers.assign"),
    "exclude": of_customer("customers.edit"),
    "block": of_customer(any=("blocks.put", "blocks.release")),
    # ageing
    "ageing": row("ageing.view"),
    "ageing_items": row("ageing.view"),
    # messages
    "messages": row("messages.view"),
    "message": row("messages.view", of="message"),
    "message_mail": row("messages.view", of="message", may_be_missing=True),
    "message_letter": row("messages.view", of="message", may_be_missing=True),
    "message_drop": row("messages.manage", of="message", posts=True),
    "message_release": row("messages.manage", of="message", posts=True),
    "message_confirm": row("messages.manage", of="message", posts=True),
    "approvals": row("approve"),
    "approvals_grant": row("approve", posts=True),
    "approval_grant": row("approve", posts=True, fixed={"action": "0"}, may_be_missing=True),
    "approval_refuse": row("approve", fixed={"action": "0"}, may_be_missing=True),
    "prints": row("messages.manage"),
    "print_make": row("messages.manage", posts=True, may_be_missing=True),
    "print_batch": row("messages.manage", fixed={"batch": "print"}),
    "print_letters": row("messages.manage", fixed={"batch": "print"}, may_be_missing=True),
    "print_addresses": row("messages.manage", fixed={"batch": "print"}, may_be_missing=True),
    "print_confirm": row("messages.manage", posts=True, fixed={"batch": "print"}),
    "print_drop": row("messages.manage", posts=True, fixed={"batch": "print"}),
    "pauses": row("messages.manage"),
    "pause": row("messages.manage"),
    "pause_lift": row("messages.manage", posts=True, fixed={"pause": "pause"}),
    # imports
    "imports": row("imports.view"),
    "import_hand_in": row("imports.run", posts=True),
    "import_mapping": row("imports.run", fixed={"token": "t0"}, may_be_missing=True),
    "import_check": row("imports.run", fixed={"token": "t0"}, may_be_missing=True),
    "import_start": row("imports.run", posts=True, fixed={"token": "t0"}, may_be_missing=True),
    "import_forget": row("imports.run", posts=True, fixed={"token": "t0"}, may_be_missing=True),
    "import_batch": row("imports.view", fixed={"batch": "batch"}),
    "import_rejects": row("imports.run", fixed={"batch": "batch"}),
    "import_undo": row("imports.run", posts=True, fixed={"batch": "batch"}),
    "import_model": row("imports.view", fixed={"kind": "items"}),
    "proposals": row("imports.view", "customers.view"),
    "proposal": row("customers.edit", of="proposal", posts=True),
    "watched": row("imports.run"),
    "watched_edit": row("imports.run", fixed={"watched": "watched"}),
    "watched_new": row("imports.run"),
    # campaigns
    "campaigns": row("strategies.view"),
    "campaign_new": row("campaigns.run", "customers.view"),
    "education": row("strategies.view", "ledger.view"),
    "campaign": row("strategies.view", "customers.view", fixed={"code": "none"}, may_be_missing=True),
    "campaign_stop": row("campaigns.run", posts=True, fixed={"code": "none"}, may_be_missing=True),
    # strategies and runs
    "strategies": row("strategies.view"),
    "strategy": row("strategies.view", fixed={"code": "standard"}),
    "strategy_version": row("strategies.view", fixed={"code": "standard", "number": 1}),
    "strategy_text": row("strategies.view", fixed={"code": "standard", "number": 1}),
    "strategy_draft": row("strategies.view", fixed={"code": "standard"}),
    "strategy_draft_begin": row("strategies.edit", posts=True, fixed={"code": "standard"}),
    "strategy_draft_new_step": row("strategies.edit", fixed={"code": "standard"}),
    "strategy_draft_step": row("strategies.edit", fixed={"code": "standard", "step": "call"}),
    "strategy_draft_outcome": row("strategies.edit", fixed={"code": "standard", "step": "call", "outcome": "NR"}),
    "strategy_draft_move": row("strategies.edit", posts=True, fixed={"code": "standard", "step": "call"}),
    "strategy_draft_drop_step": row("strategies.edit", posts=True, fixed={"code": "standard", "step": "call"}),
    "strategy_draft_limits": row("strategies.edit", fixed={"code": "standard"}),
    "strategy_draft_payment_type": row("strategies.edit", fixed={"code": "standard", "payment_type": "RIB"}),
    "strategy_draft_matching": row("strategies.view", fixed={"code": "standard"}),
    "strategy_draft_says": row("strategies.view", "customers.view", "messages.view", fixed={"code": "standard"}),
    "strategy_draft_letter": row(
        "strategies.view", "customers.view", "messages.view", of="customer", fixed={"code": "standard"}
    ),
    "strategy_draft_new_text": row("strategies.edit", fixed={"code": "standard"}),
    "strategy_draft_calendar": row("strategies.edit", fixed={"code": "standard", "text": "statement"}),
    "strategy_draft_drop_text": row("strategies.edit", posts=True, fixed={"code": "standard", "text": "statement"}),
    "strategy_draft_education": row("strategies.edit", fixed={"code": "standard"}),
    "strategy_draft_text": row("strategies.edit", fixed={"code": "standard"}),
    "strategy_draft_submit": row("strategies.edit", posts=True, fixed={"code": "standard"}),
    "strategy_draft_publish": row("strategies.publish", posts=True, fixed={"code": "standard"}),
    "strategy_draft_drop": row("strategies.edit", posts=True, fixed={"code": "standard"}),
    "rehearsal_new": row("strategies.edit", fixed={"code": "standard", "number": 1}),
    "rehearsal": row("strategies.edit", fixed={"rehearsal": 0}, may_be_missing=True),
    "rehearsal_cancel": row("strategies.edit", posts=True, fixed={"rehearsal": 0}, may_be_missing=True),
    "rehearsal_customer": row("strategies.edit", fixed={"rehearsal": 0, "customer": 0}, may_be_missing=True),
    "comparison_new": row("strategies.edit"),
    "comparison": row("strategies.edit", fixed={"comparison": 0}, may_be_missing=True),
    "comparison_cancel": row("strategies.edit", posts=True, fixed={"comparison": 0}, may_be_missing=True),
    "message_costs": row("strategies.view"),
    "message_cost": row("strategies.edit", fixed={"channel": "letter"}),
    "runs": row("runs.view"),
    "run": row("runs.view", fixed={"run": "run"}),
    "run_now": row("runs.start", posts=True),
    "work": row(fixed={"work": 0}, may_be_missing=True),
    # start-up
    "startup": row("masterdata.edit"),
    "startup_sort": row("masterdata.edit", posts=True, fixed={"creditor": "creditor"}, may_be_missing=True),
    "startup_lift": row("masterdata.edit", posts=True, fixed={"creditor": "creditor"}, may_be_missing=True),
    # master data
    "masterdata": row("masterdata.view"),
    "exchange_rates": row("masterdata.view"),
    "exchange_rate_new": row("masterdata.view", "reference.edit"),
    "masterdata_rows": row("masterdata.view", fixed={"subject": "salespeople"}),
    "masterdata_new": row("masterdata.edit", fixed={"subject": "salespeople"}),
    "masterdata_row": row("masterdata.view", fixed={"subject": "salespeople", "row": "salesperson"}),
    "masterdata_retire": row("masterdata.edit", posts=True, fixed={"subject": "salespeople", "row": "salesperson"}),
    "masterdata_templates": row("strategies.view"),
    "masterdata_template": row("strategies.view", fixed={"code": "first_reminder", "language": "it"}),
    "masterdata_template_preview": row("strategies.view", posts=True),
    "masterdata_customer_new": row("customers.edit"),
    "masterdata_customer": of_customer("customers.edit"),
    "masterdata_customer_retire": of_customer("customers.edit", posts=True),
    "masterdata_customer_history": of_customer("journal.view"),
    "masterdata_contact_new": row("contacts.edit", fixed={"?customer": "customer"}),
    "masterdata_contact": row("contacts.edit", of="contact"),
    "masterdata_contact_end": row("contacts.edit", of="contact", posts=True),
    # people
    "me": row(),
    "set_language": row(posts=True),
    "set_theme": row(posts=True),
    "set_own_password": row(),
    "people": row("users.view"),
    "person": row("users.view", fixed={"person": "person"}),
    "person_new": row("users.manage"),
    "person_edit": row("users.manage", fixed={"person": "person"}),
    "person_profile": row("users.manage", fixed={"person": "person"}),
    "person_scopes": row("users.manage", fixed={"person": "person", "assignment": "assignment"}),
    "person_end_profile": row("users.manage", fixed={"person": "person", "assignment": "assignment"}),
    "person_end_grant": row("users.manage", fixed={"person": "person", "grant": "grant"}),
    "person_password": row("users.manage", fixed={"person": "person"}),
    "person_retire": row("users.manage", fixed={"person": "person"}),
}
# Logging in and out, own second factor: the library's addresses, open to everybody for themselves.
OPEN = ("account/",)
SCOPES = {
    "collector_sector": [("sector", "PELLE")],
    "temp_collector": [("collector", "gestore")],
    "division_manager": [("division", "NORD_EST")],
    "area_manager": [("area", "NORD")],
    "salesperson": [("salesperson", "V1")],
    "principal": [("creditor", "MAIN")],
}
