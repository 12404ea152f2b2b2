from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from spartito.access.models import User
from spartito.actions.models import Attempt, PlannedAction
from spartito.platform.fields import json_object
from spartito.portfolio.models import Customer, Hold, Item


class Strategy(models.Model):
    """A policy by code. The live version is the published one; lower priority wins."""

    code = models.CharField(max_length=60, unique=True)
    name_it = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False, db_default=False)
    live_version = models.ForeignKey("Version", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="strategies_strategy_one_default", fields=["is_default"], condition=Q(is_default=True)
            ),
        ]


class Version(models.Model):
    """One text of a strategy; a trigger forbids changing it once published.

    A draft is `submitted` when its author holds it to be finished; a change to it takes that back.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    source = models.TextField()
    status = models.CharField(max_length=10, choices=Status.choices, db_default="draft", default="draft")
    comment = models.CharField(max_length=500, blank=True, db_default="", default="")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    priority = models.IntegerField(default=100)
    applies_to = json_object()
    # What the text says of `default`; null = nothing, and publishing leaves the mark where it is.
    marks_default = models.BooleanField(null=True)
    minimum_overdue = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    minimum_item = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    contact_max = models.SmallIntegerField(null=True)
    contact_days = models.SmallIntegerField(null=True)
    days_between_steps = models.SmallIntegerField(default=7)
    catch_up = models.CharField(max_length=20, default="one_by_one")
    task_patience = models.SmallIntegerField(default=10)
    on_broken_promise = models.CharField(max_length=60, default="next_step")
    bank_lag = models.SmallIntegerField(default=0)
    absorb_lower = models.SmallIntegerField(default=0)
    # Keys that few policies use (rule 15), as `rules` checked them: quiet, after_hold, release, periodic.
    further = json_object()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="strategies_version_number_once", fields=["strategy", "number"]),
        ]


class Step(models.Model):
    """One step of a version, in order of `position` (1…n). `params` keeps the other keys.

    `track`: the way it belongs to, '' for most items; a payment type's own steps, and those of what came back unpaid,
    are tracks beside it. Positions are one order over all of them, by days; `below` is the step before in the track.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="steps")
    position = models.SmallIntegerField()
    track = models.CharField(max_length=40, blank=True, db_default="", default="")
    below = models.SmallIntegerField(default=0, db_default=0)
    code = models.CharField(max_length=60)
    days = models.SmallIntegerField()
    channel = models.CharField(max_length=20, blank=True, db_default="", default="")
    action = models.CharField(max_length=30, blank=True, db_default="", default="")
    template = models.CharField(max_length=60, blank=True, db_default="", default="")
    assign_to = models.CharField(max_length=30, blank=True, db_default="", default="")
    fallback = ArrayField(models.CharField(max_length=20), default=list)
    must = models.BooleanField(default=False, db_default=False)
    min_days = models.SmallIntegerField(null=True)
    conditions = json_object()
    params = json_object()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="strategies_step_code_once", fields=["version", "track", "code"]),
            models.UniqueConstraint(name="strategies_step_position_once", fields=["version", "position"]),
        ]


class PaymentRule(models.Model):
    """`payment_types` of a version: whether and from when items of that type are dunnable."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="payment_rules")
    payment_type = models.CharField(max_length=20)
    start_after = models.CharField(max_length=20, blank=True, db_default="", default="")
    shift_days = models.SmallIntegerField(default=0, db_default=0)
    is_dunnable = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="strategies_paymentrule_once", fields=["version", "payment_type"]),
        ]


class Periodic(models.Model):
    """`periodic` of a version: a text sent once a period to the accounts for which `conditions` hold.

    Its day is `day` of the `month`-th month of the period (month, quarter, year); it is tried for `within` days.
    `lists` says what the message shows: open (every open item, credits too), delays (what was paid late in the period
    before), nothing.
    """

    class Every(models.TextChoices):
        MONTH = "month"
        QUARTER = "quarter"
        YEAR = "year"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="periodics")
    code = models.CharField(max_length=60)
    every = models.CharField(max_length=10, choices=Every.choices)
    month = models.SmallIntegerField(default=1)
    day = models.SmallIntegerField(default=1)
    within = models.SmallIntegerField(default=14)
    channel = models.CharField(max_length=20)
    fallback = ArrayField(models.CharField(max_length=20), default=list)
    template = models.CharField(max_length=60)
    lists = models.CharField(max_length=10, default="open")
    conditions = json_object()
    params = json_object()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="strategies_periodic_code_once", fields=["version", "code"]),
        ]


class Campaign(models.Model):
    """One step for the customers of a filter, once each, tried from `starts_on` to `until`.

    `matched`: how many accounts the filter held for when it began; they are its occasions. `stopped_on`: nothing more is
    planned from then on, and what had not left is withdrawn.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    conditions = json_object()
    channel = models.CharField(max_length=20)
    template = models.CharField(max_length=60, blank=True, db_default="", default="")
    fallback = ArrayField(models.CharField(max_length=20), default=list)
    assign_to = models.CharField(max_length=30, blank=True, db_default="", default="")
    starts_on = models.DateField()
    until = models.DateField()
    matched = models.IntegerField(default=0)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    stopped_on = models.DateField(null=True)
    stopped_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")


class Occasion(models.Model):
    """A contact that an account is to get once, outside the steps of its items: of a period, or of a campaign.

    `period`: the first day of the period, or the campaign's first. It is tried on the working days from `wanted_on` to
    `until`; `waits_for` says what stood against it when it was last looked at (`looked_on`). What came of it is the
    action that names it.
    """

    account = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="occasions")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, db_index=False, related_name="occasions"
    )
    code = models.CharField(max_length=60)
    period = models.DateField()
    wanted_on = models.DateField()
    until = models.DateField()
    waits_for = models.CharField(max_length=20, blank=True, db_default="", default="")
    looked_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="strategies_occasion_once_a_period",
                fields=["account", "code", "period"],
                condition=Q(campaign__isnull=True),
            ),
            models.UniqueConstraint(name="strategies_occasion_once_a_campaign", fields=["campaign", "account"]),
        ]
        indexes = [models.Index(name="strategies_occasion_to_come", fields=["until"])]


class Education(models.Model):
    """An account in payment education since a day, in a group that never changes: a trigger forbids it.

    `hold_out`: per cent of those entering that were left out then, by their hash.
    """

    class Group(models.TextChoices):
        TREATED = "treated"
        HELD_OUT = "held_out"

    account = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="education")
    enrolled_on = models.DateField()
    hold_out = models.SmallIntegerField()
    group = models.CharField(max_length=10, choices=Group.choices)


class Enrolment(models.Model):
    """Which version an account follows, since when and because of what (rule 1)."""

    account = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="enrolment")
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    since = models.DateField()
    because = models.CharField(max_length=30)
    fact_change_on = models.DateField(null=True)


class Progress(models.Model):
    """The level of an item: the last taken step not voided, and what stands against the next.

    `version`: the one in which the level was taken, so that another version can place it (rule 11).
    `not_before`: a person dropped the action until that day. `is_absorbed`: the level was reached
    without a contact of its own (rule 15). A row without level means: looked at, nothing to adopt.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    level = models.CharField(max_length=60, blank=True, db_default="", default="")
    level_on = models.DateField(null=True)
    version = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    not_before = models.DateField(null=True)
    is_absorbed = models.BooleanField(default=False, db_default=False)


class TakenStep(models.Model):
    """A step taken for an item on a day; voided when it was withdrawn before anything left.

    `source`: engine, absorbed (no contact of its own), import (level at hand-over), inherited
    (from the item this one replaces). `planned_action` is null where nothing was planned.
    `again`: which time it is, from 0, where the step repeats itself (`repeat_every`).
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="taken_steps")
    step_code = models.CharField(max_length=60)
    taken_on = models.DateField()
    version = models.ForeignKey(
        Version, on_delete=models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    planned_action = models.ForeignKey(
        PlannedAction, on_delete=models.SET_NULL, null=True, db_index=False, related_name="taken_steps"
    )
    previous_level = models.CharField(max_length=60, blank=True, db_default="", default="")
    previous_level_on = models.DateField(null=True)
    source = models.CharField(max_length=20, db_default="engine", default="engine")
    again = models.SmallIntegerField(default=0, db_default=0)
    voided_on = models.DateField(null=True)
    voided_because = models.CharField(max_length=30, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="strategies_takenstep_once",
                fields=["item", "step_code", "again"],
                condition=Q(voided_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="strategies_taken_by_action", fields=["planned_action"]),
            models.Index(name="strategies_taken_by_item", fields=["item"]),
        ]


class Order(models.Model):
    """A standing order on an item (rule 10): the step it is to take next, whatever its days and waits.

    `wanted`: a step's code, or `next_step`. Given by an outcome (`attempt`) or a broken promise (`hold`), each once an
    item. `spent_on`: the item took a step with `spent_by`; given back with it when that step is voided.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False, related_name="orders")
    wanted = models.CharField(max_length=60)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    given_on = models.DateField()
    spent_on = models.DateField(null=True)
    spent_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="strategies_order_once_an_outcome", fields=["item", "attempt"]),
            models.UniqueConstraint(name="strategies_order_once_a_promise", fields=["item", "hold"]),
            models.CheckConstraint(
                name="strategies_order_has_one_cause",
                condition=Q(attempt__isnull=True, hold__isnull=False) | Q(attempt__isnull=False, hold__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="strategies_order_standing", fields=["item"], condition=Q(spent_on__isnull=True)),
            models.Index(name="strategies_order_by_attempt", fields=["attempt"]),
            models.Index(name="strategies_order_spent_by", fields=["spent_by"], condition=Q(spent_by__isnull=False)),
        ]


class ConditionResult(models.Model):
    """An account for which a condition holds: of one step, or (step null) of `applies_to`. No row: it does not hold.

    A condition that asks for facts of the item holds for items one by one: the row names the `item` too.

    Filled by the statement compiled from the condition; `as_of` is the day since which it holds. Rows come and
    go by the hundred thousand and are made anew whenever asked: no foreign keys in the database.
    """

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    step = models.ForeignKey(
        Step, on_delete=models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    account = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="strategies_conditionresult_once",
                fields=["version", "step", "account", "item"],
                nulls_distinct=False,
            ),
        ]


class DueStep(models.Model):
    """What was due for an item at the account's last run or reaction: working rows, made anew each time.

    A row whose item has no taken step of `as_of` is one that waits: for what `waits_for` says (quiet, approval,
    consult, …), else for the contact limit or because of one contact a day.
    No foreign keys in the database: rows are written by the hundred thousand and never outlive a run.
    """

    item = models.OneToOneField(
        Item, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    account = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="due_steps")
    version = models.ForeignKey(
        Version, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    step = models.ForeignKey(Step, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    step_code = models.CharField(max_length=60)
    as_of = models.DateField()
    position = models.SmallIntegerField()
    channel = models.CharField(max_length=20)
    action = models.CharField(max_length=30)
    must = models.BooleanField()
    days = models.IntegerField()
    dunnable = models.DecimalField(max_digits=16, decimal_places=2)
    dunnable_here = models.DecimalField(max_digits=16, decimal_places=2)
    level = models.CharField(max_length=60)
    level_on = models.DateField(null=True)
    overdue = models.DecimalField(max_digits=16, decimal_places=2)
    is_enough = models.BooleanField()
    order_id = models.BigIntegerField(null=True)
    waits_for = models.CharField(max_length=20, blank=True, db_default="", default="")
