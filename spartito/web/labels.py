"""What tasks, holds, blocks, contacts and states of documents are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise

TASKS: dict[str, Word] = {
    "phone": _("Call"),
    "internal": _("Internal task"),
    "find_contact": _("Find a contact"),
    "review": _("Review"),
    "print": _("Print"),
    "payment_check": _("Check a payment"),
    "consult": _("May we write to them?"),
}
TASK_ICONS = {
    "phone": "phone",
    "internal": "clipboard-list",
    "find_contact": "user-search",
    "review": "eye-check",
    "print": "printer",
    "payment_check": "receipt",
    "consult": "message-question",
}
SUBJECTS: dict[str, Word] = {
    "propose_legal": _("Decide on legal action"),
    "stale_message": _("Decide on an old message"),
    "no_address": _("Find an address"),
    "wrong_number": _("Find the right number"),
    "hold_review": _("Review a hold"),
    "notify": _("Take note"),
    "plan_proposal": _("Propose a repayment plan"),
    "send_copy": _("Send copies of documents"),
    "call_back": _("Call back"),
}
# The criteria of a priority, as `worklist/steps/rank_tasks.sql` names them.
REASONS: dict[str, Word] = {
    "amount": _("amount"),
    "age": _("age"),
    "carried": _("carried over"),
    "waiting": _("long wait"),
    "promise": _("promise not kept"),
    "rating": _("rating"),
    "returned": _("returned by the bank"),
    "step": _("what comes next"),
    "limit": _("credit limit in use"),
    "value": _("value of the customer"),
}
DECISIONS: dict[str, Word] = {
    "plan": _("repayment plan"),
    "interest_waiver": _("waiver of interest and costs"),
    "settlement": _("settlement: amount given up"),
    "write_off": _("small allowance"),
}
AUTHORITIES: dict[str, Word] = {
    "collector": _("collector"),
    "credit_manager": _("credit manager"),
    "cfo": _("chief financial officer"),
    "board": _("board"),
}
HOLDS: dict[str, Word] = {
    "promise": _("promise to pay"),
    "plan": _("repayment plan"),
    "dispute": _("dispute"),
    "payment_check": _("payment to be checked"),
    "manual": _("hold by hand"),
    "do_not_contact": _("do not contact"),
    "legal": _("at law"),
    "insolvency": _("insolvency"),
}
BLOCKS: dict[int, Word] = {
    0: _("none"),
    1: _("warning"),
    2: _("shipments blocked"),
    3: _("new orders blocked"),
    4: _("advance payment only"),
    5: _("everything blocked"),
}
BLOCK_REASONS: dict[str, Word] = {"overdue_beyond_threshold": _("overdue beyond the threshold")}
SOURCES: dict[str, Word] = {"cli": _("command line"), "folder": _("watched folder"), "page": _("by hand")}
BANK: dict[str, Word] = {
    "none": "",
    "portfolio": _("in portfolio"),
    "presented": _("presented to the bank"),
    "credited": _("credited, may come back"),
    "returned": _("returned unpaid"),
    "recalled": _("recalled"),
}
CLOSED: dict[str, Word] = {
    "paid": _("paid"),
    "presented": _("presented to the bank"),
    "offset": _("set off"),
    "written_off": _("written off"),
    "transferred": _("transferred"),
    "replaced": _("replaced"),
    "unknown": _("closed, cause unknown"),
}
DOCUMENTS: dict[str, Word] = {
    "invoice": _("invoice"),
    "credit_note": _("credit note"),
    "debit_note": _("debit note"),
    "advance": _("advance"),
    "payment": _("payment on account"),
}
ROLES: dict[str, Word] = {
    "owner": _("owner, legal representative"),
    "accounting": _("accounting"),
    "purchasing": _("purchasing"),
    "finance": _("finance"),
    "invoices": _("receives invoices"),
    "pec": _("PEC"),
    "disputes": _("disputes"),
    "lawyer": _("debtor's lawyer"),
    "liquidator": _("liquidator"),
    "guarantor": _("guarantor"),
    "agent": _("our agent"),
    "sales": _("our salesperson"),
    "site": _("site"),
}
# Whom a contact may be addressed to: a contact by role, or the customer itself.
ADDRESSEES: dict[str, Word] = {"customer": _("the customer's own address"), **ROLES}
RUNS: dict[str, Word] = {
    "running": _("running"),
    "failed": _("stopped halfway"),
    "done": _("done"),
}
WHY_NOT: dict[str, Word] = {
    "no_strategy": _("no strategy applies"),
    "excluded": _("the customer is excluded from reminders"),
    "not_owed": _("nothing is owed"),
    "payment_type": _("its way of payment is not reminded"),
    "at_bank": _("it is at the bank"),
    "awaits_return": _("reminded only if it comes back from the bank"),
    "hold": _("a hold covers it"),
    "below_minimum": _("too small to be reminded"),
    "minimum_overdue": _("what is overdue in all is too little to be reminded"),
    "credit": _("it is a credit"),
    "past_last_step": _("past the last step: nothing more comes by itself"),
    "no_step": _("no step is in sight for it"),
}
WAITS_FOR: dict[str, Word] = {
    "quiet": _("waits for the end of the quiet days"),
    "after_hold": _("waits some days after a hold"),
    "approval": _("waits for an approval"),
    "consult": _("waits for the word of who knows the customer"),
    "other_contacts": _("waits: there were contacts enough"),
}
# What would change what stands before a document, by the codes of WHY_NOT and WAITS_FOR.
WOULD_CHANGE: dict[str, Word] = {
    "no_strategy": _("a strategy that fits, or one chosen by hand"),
    "excluded": _("taking the customer into reminders again"),
    "payment_type": _("another way of payment, or what its strategy says of this one"),
    "at_bank": _("its return from the bank"),
    "awaits_return": _("its return from the bank"),
    "hold": _("the end of the hold, or its release"),
    "below_minimum": _("a lower minimum for single documents in its strategy"),
    "minimum_overdue": _("more overdue in all, or a lower minimum in its strategy"),
    "quiet": _("the first working day after the quiet days"),
    "after_hold": _("some days, as its strategy says"),
    "approval": _("an approval"),
    "consult": _("an answer, or the days that silence is waited for"),
    "past_last_step": _("a decision by hand, or a further step in its strategy"),
    "no_step": _("other conditions in the steps of its strategy"),
    "other_contacts": _("some days without contacts, or a higher limit in its strategy"),
}
HOLD_ENDS: dict[str, Word] = {
    "promise": _("Payment ends it; if it is not kept, the next step comes at once."),
    "plan": _("It lasts as long as the plan is kept."),
    "dispute": _("It ends when the dispute is settled and somebody releases it."),
    "payment_check": _("It ends when the payment is found, or when somebody releases it."),
    "manual": _("It ends on its day, or when somebody releases it."),
    "do_not_contact": _("It lasts until somebody releases it."),
    "legal": _("It lasts as long as the case."),
    "insolvency": _("It lasts as long as the proceedings."),
}
