from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from spartito.access.models import User
from spartito.archive.models import Document
from spartito.platform.fields import json_object
from spartito.portfolio.models import Creditor, Customer, Item

CHANNELS = ("email", "pec", "letter", "registered_letter", "fax", "sms", "phone")


class OutcomeCode(models.Model):
    """How a contact ended (domain 11.4), plus DONE (done / done with note) and POST (postponed)."""

    code = models.CharField(max_length=10, primary_key=True)
    name_it = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    closes = models.BooleanField(default=True, db_default=True)
    position = models.SmallIntegerField(default=0, db_default=0)


class PlannedAction(models.Model):
    """A decision: this contact or measure, for this account, on this day (design 6, rules 4 and 8).

    `due_on` is the business date D of the run or reaction that planned it. `why` holds the
    facts that decided it (rule, days, amounts) as shown to people. Amounts in the tenant's
    currency. Inserted by strategies (`spartito/strategies/steps`), manual contacts by act.

    `waits_for`: approval, or somebody's word (consult). Until `cleared_on` its items do not move and nothing leaves; the
    run of that day (or the reaction) moves them, dates it and takes the mark away. `is_beside`: a call that absorbs
    nothing and stands beside the contact of its day. `occasion_id`: the period or campaign it is a contact of; without one
    it is about items that came to a step.
    """

    class Kind(models.TextChoices):
        CONTACT = "contact"
        MEASURE = "measure"

    class Origin(models.TextChoices):
        ENGINE = "engine"
        MANUAL = "manual"
        INBOUND = "inbound"
        ANSWER = "answer"  # what the customer asked for: it counts in no limit

    account = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="planned_actions")
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices, db_default="engine", default="engine")
    step_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    strategy_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    version_id = models.BigIntegerField(null=True)
    position = models.SmallIntegerField(null=True)
    channel = models.CharField(max_length=20, blank=True, db_default="", default="")
    action = models.CharField(max_length=30, blank=True, db_default="", default="")
    template = models.CharField(max_length=60, blank=True, db_default="", default="")
    assign_to = models.CharField(max_length=30, blank=True, db_default="", default="")
    must = models.BooleanField(default=False, db_default=False)
    params = json_object()
    why = json_object()
    overdue_amount = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0)
    run_id = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    is_beside = models.BooleanField(default=False, db_default=False)
    occasion_id = models.BigIntegerField(null=True)
    waits_for = models.CharField(max_length=10, blank=True, db_default="", default="")
    cleared_on = models.DateField(null=True)
    cleared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    is_carried_out = models.BooleanField(default=False, db_default=False)
    withdrawn_on = models.DateField(null=True)
    withdrawn_because = models.CharField(max_length=30, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="actions_plannedaction_one_contact_a_day",
                fields=["account", "due_on", "is_beside"],
                condition=Q(kind="contact", origin="engine", withdrawn_on__isnull=True),
            ),
            models.UniqueConstraint(
                name="actions_plannedaction_once_an_occasion",
                fields=["occasion_id"],
                condition=Q(occasion_id__isnull=False, withdrawn_on__isnull=True),
            ),
            models.CheckConstraint(
                name="actions_plannedaction_contact_or_measure",
                condition=Q(kind="contact", channel__in=CHANNELS, action="")
                | (Q(kind="measure", channel="") & ~Q(action="")),
            ),
        ]
        indexes = [
            models.Index(name="actions_planned_by_account", fields=["account", "-due_on"]),
            models.Index(name="actions_planned_by_day", fields=["due_on"]),
            models.Index(
                name="actions_planned_to_do",
                fields=["id"],
                condition=Q(is_carried_out=False, withdrawn_on__isnull=True),
            ),
            models.Index(
                name="actions_planned_of_occasion",
                fields=["occasion_id"],
                condition=Q(occasion_id__isnull=False),
            ),
            models.Index(
                name="actions_planned_that_waits",
                fields=["account"],
                condition=~Q(waits_for=""),
            ),
        ]


class ActionItem(models.Model):
    """An item in a planned action: it *moved* to the step, or is *mentioned* beside it.

    While the action waits for somebody's word, `step_code` is the step the item will move to.
    """

    class Role(models.TextChoices):
        MOVED = "moved"
        MENTIONED = "mentioned"

    planned_action = models.ForeignKey(PlannedAction, on_delete=models.CASCADE, related_name="action_items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="action_items")
    role = models.CharField(max_length=9, choices=Role.choices)
    step_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    is_due_here = models.BooleanField(default=False, db_default=False)
    open_amount = models.DecimalField(max_digits=16, decimal_places=2)
    listed_as = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="actions_actionitem_once", fields=["planned_action", "item"]),
        ]
        indexes = [models.Index(name="actions_actionitem_by_item", fields=["item"])]


class Task(models.Model):
    """Work for a person. `due_on` is the planned date and never changes; `not_before` postpones, `at_time` names an hour.

    Kinds: phone, internal, find_contact, review, print, payment_check, consult. `about`: the contact that a consult asks
    about, or the measure that a notice (internal, subject `notify`) tells of. Who has it is
    `worklist.assignment`.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        SKIPPED = "skipped"
        WITHDRAWN = "withdrawn"

    planned_action = models.OneToOneField(PlannedAction, on_delete=models.CASCADE, null=True, related_name="task")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=20)
    step_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    subject = models.CharField(max_length=60, blank=True, db_default="", default="")
    assign_to = models.CharField(max_length=30, db_default="collector", default="collector")
    due_on = models.DateField()
    not_before = models.DateField(null=True)
    at_time = models.TimeField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, db_default="open", default=Status.OPEN)
    message = models.ForeignKey("Message", on_delete=models.CASCADE, null=True, related_name="tasks")
    hold_id = models.BigIntegerField(null=True)
    about = models.ForeignKey(
        PlannedAction, on_delete=models.CASCADE, null=True, db_index=False, related_name="questions"
    )
    note = models.CharField(max_length=500, blank=True, db_default="", default="")
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome_code = models.CharField(max_length=10, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="actions_task_closed_has_day",
                condition=Q(status="open", closed_on__isnull=True) | (~Q(status="open") & Q(closed_on__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="actions_task_question", fields=["about"], condition=Q(about__isnull=False)),
            models.Index(name="actions_task_open", fields=["customer"], condition=Q(status="open")),
            models.Index(name="actions_task_by_customer", fields=["customer", "-due_on"]),
        ]


class Message(models.Model):
    """A message to an account. Its text is in `communications.rendition`; channel is the step's.

    `goes_by`: the channel chosen for it, the step's or a fallback with an address; empty when none has one.
    `sent_by`: the channel that really carried it, empty until sent; `replay` when history was lived again.
    `held_because`: waiting_data, start_up, no_address, no_channel, channel_paused, no_server, stale.
    `released_on`: a person let an overdue message go on that day. `claimed_at`: a sender has it in hand.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        HELD = "held"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        WITHDRAWN = "withdrawn"

    planned_action = models.OneToOneField(PlannedAction, on_delete=models.CASCADE, null=True, related_name="message")
    account = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="messages")
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="+")
    step_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    channel = models.CharField(max_length=20)
    goes_by = models.CharField(max_length=20, blank=True, db_default="", default="")
    sent_by = models.CharField(max_length=20, blank=True, db_default="", default="")
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=5, blank=True, db_default="", default="")
    to_name = models.CharField(max_length=200, blank=True, db_default="", default="")
    to_address = models.CharField(max_length=500, blank=True, db_default="", default="")
    copy_to = ArrayField(models.CharField(max_length=254), default=list)
    subject = models.CharField(max_length=300, blank=True, db_default="", default="")
    status = models.CharField(max_length=10, choices=Status.choices, db_default="queued", default=Status.QUEUED)
    held_because = models.CharField(max_length=30, blank=True, db_default="", default="")
    due_on = models.DateField()
    released_on = models.DateField(null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    provider_id = models.CharField(max_length=300, blank=True, db_default="", default="")
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, db_default="", default="")
    claimed_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="actions_message_sent_has_when",
                condition=~Q(status__in=["sent", "delivered"]) | Q(sent_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="actions_message_waiting",
                fields=["creditor", "channel"],
                condition=Q(status__in=["queued", "held"]),
            ),
            models.Index(name="actions_message_by_account", fields=["account", "-due_on"]),
            models.Index(name="actions_message_by_day", fields=["due_on"]),
        ]


class Attempt(models.Model):
    """One result of a try to reach someone, or of a contact that came in.

    A contact with several results has several rows (`of_contact`: the first), each naming its `documents`; `item_ids`
    are the items it is about. `then` is the step it asks for next, a code or `next_step`: strategies read it.
    `led_to` keeps what was done because of it (holds, tasks, messages), so that it can be taken back.
    `undone_on`: taken back the same day; such a row counts for nothing.
    """

    class Direction(models.TextChoices):
        OUT = "out"
        IN = "in"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="attempts")
    planned_action = models.ForeignKey(PlannedAction, on_delete=models.CASCADE, null=True, related_name="attempts")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="attempts")
    direction = models.CharField(max_length=3, choices=Direction.choices, db_default="out", default="out")
    channel = models.CharField(max_length=20, db_default="phone", default="phone")
    made_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.ForeignKey(OutcomeCode, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    on_date = models.DateField(null=True)
    at_time = models.TimeField(null=True)
    note = models.TextField(blank=True, db_default="", default="")
    documents = ArrayField(
        models.CharField(max_length=80), default=list, db_default=Value([], ArrayField(models.CharField(max_length=80)))
    )
    item_ids = ArrayField(
        models.BigIntegerField(), default=list, db_default=Value([], ArrayField(models.BigIntegerField()))
    )
    then = models.CharField(max_length=60, blank=True, db_default="", default="")
    of_contact = models.ForeignKey("self", on_delete=models.CASCADE, null=True, db_index=False, related_name="results")
    led_to = json_object()
    undone_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(name="actions_attempt_by_customer", fields=["customer", "-made_on", "-id"]),
            models.Index(name="actions_attempt_by_day", fields=["made_on", "user"]),
            models.Index(name="actions_attempt_that_orders", fields=["customer"], condition=~Q(then="")),
        ]
