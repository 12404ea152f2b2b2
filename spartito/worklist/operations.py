"""What people do with days: give tasks, plan them for another day, go away and come back, say what counts.

Those about tasks have the signature that `cycle.act` calls: `operation(user=…, customers=…, as_of=…, …)`;
`customers` are the ids the door checked, and a task of another customer is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.actions.models import Task
from spartito.journal.models import Entry
from spartito.platform.errors import Refused
from spartito.platform.history import by_hand
from spartito.portfolio.visibility import of_visible
from spartito.reference.queries import next_working_day
from spartito.worklist import steps
from spartito.worklist.models import (
    Absence,
    Assignment,
    Capacity,
    Effort,
    Monitoring,
    SpokenLanguage,
    Target,
    Weight,
)
from spartito.worklist.rules import DEFAULT_EFFORTS, DEFAULT_WEIGHTS, LONGEST_PLAN, NEVER_NOTHING


class WorklistRefused(Refused):
    """The task is not open or not of this customer, or the days or people do not fit."""


def give_task(*, user: User | None, customers: Sequence[int], as_of: date, task: int, to: int) -> Assignment:
    """Give an open task to a person by hand; the engine does not move it again while they are there."""
    give_tasks(user=user, customers=customers, as_of=as_of, tasks=[task], to=to)
    return Assignment.objects.get(task=task)


def give_tasks(*, user: User | None, customers: Sequence[int], as_of: date, tasks: Sequence[int], to: int) -> int:
    """Give open tasks to a person by hand, all or none; returns how many. Raises WorklistRefused.

    The engine does not move them again while that person is there.
    """
    person = User.objects.filter(pk=to, is_active=True).first()
    found = _open_tasks(tasks, customers)
    if person is None:
        raise WorklistRefused(
            _("task %(task)s is not open for this customer, or person %(to)s is not active")
            % {"task": found[0].pk, "to": to}
        )
    _give(person, found, user=user, as_of=as_of, because="by_hand")
    return len(found)


def share_out(*, user: User | None, customers: Sequence[int], as_of: date, given: Sequence[tuple[int, int]]) -> int:
    """Give tasks to the colleagues that `levelling.proposal` found, as (task, person); returns how many were given.

    What was done or closed since the proposal was made is left out. Raises WorklistRefused.
    """
    still_open = set(
        Task.objects.filter(pk__in=[task for task, _person in given], status=Task.Status.OPEN).values_list(
            "pk", flat=True
        )
    )
    shares: dict[int, list[int]] = {}
    for task, to in given:
        if task in still_open:
            shares.setdefault(to, []).append(task)
    if not shares:
        raise WorklistRefused(_("nothing of it is left to share out: look at the proposal again"))
    people = User.objects.filter(is_active=True).in_bulk(list(shares))
    for to, tasks in sorted(shares.items()):
        if to not in people:
            raise WorklistRefused(_("person %(to)s is not active") % {"to": to})
        _give(people[to], _open_tasks(tasks, customers), user=user, as_of=as_of, because="levelled")
    return sum(map(len, shares.values()))


def _give(person: User, found: Sequence[Task], *, user: User | None, as_of: date, because: str) -> None:
    if Absence.objects.filter(user=person, starts_on__lte=as_of, ends_on__gte=as_of).exists():
        raise WorklistRefused(_("%(person)s is away on %(day)s") % {"person": person, "day": as_of.isoformat()})
    _check_seen_by(person, found, as_of)
    Assignment.objects.bulk_create(
        [
            Assignment(task=task, user=person, assigned_on=as_of, because=because, by_hand=True)
            for task in found
            if not hasattr(task, "assignment")
        ]
    )
    for held in Assignment.objects.filter(task__in=found):
        held.user, held.assigned_on, held.because, held.by_hand = person, as_of, because, True
        held.reasons = {key: value for key, value in held.reasons.items() if key != "for"}
        held.save()
    _write(found, "task.given", user=user, as_of=as_of, to=str(person))


def plan_tasks(
    *, user: User | None, customers: Sequence[int], as_of: date, tasks: Sequence[int], on: date, because: str
) -> date:
    """Plan open tasks for another day, all or none; returns the working day they stand on. Raises WorklistRefused.

    `on` is today or up to 180 days ahead; a day off becomes the next working day. The planned date of a task stays.
    """
    if not because.strip():
        raise WorklistRefused(_("say why: a planned contact is moved for a reason"))
    if not as_of <= on <= as_of + timedelta(days=LONGEST_PLAN):
        raise WorklistRefused(
            _("%(on)s is not between %(as_of)s and %(days)s days later")
            % {"on": on.isoformat(), "as_of": as_of.isoformat(), "days": LONGEST_PLAN}
        )
    found, day = _open_tasks(tasks, customers), next_working_day(on)
    Task.objects.filter(pk__in=[task.pk for task in found]).update(not_before=day)
    _write(found, "task.planned", user=user, as_of=as_of, on=day.isoformat(), because=because.strip()[:500])
    return day


def _open_tasks(tasks: Sequence[int], customers: Sequence[int]) -> list[Task]:
    found = list(
        Task.objects.select_for_update(of=("self",))
        .filter(pk__in=tasks, customer__in=customers, status=Task.Status.OPEN)
        .select_related("assignment")
        .order_by("pk")
    )
    missing = sorted(set(tasks) - {task.pk for task in found})
    if missing or not found:
        raise WorklistRefused(
            _("task %(task)s is not open any more, or not one of these customers") % {"task": (missing or [0])[0]}
        )
    return found


def _check_seen_by(person: User, tasks: Sequence[Task], as_of: date) -> None:
    """A task of a customer out of sight would be nobody's."""
    ids = [task.pk for task in tasks]
    seen = set(of_visible(Task.objects.filter(pk__in=ids), user=person, as_of=as_of).values_list("pk", flat=True))
    hidden = [task for task in tasks if task.pk not in seen]
    if hidden:
        raise WorklistRefused(
            _("%(person)s does not see customer %(customer)s, so cannot have its task")
            % {"person": person, "customer": hidden[0].customer}
        )


def _write(tasks: Sequence[Task], verb: str, *, user: User | None, as_of: date, **data: str) -> None:
    Entry.objects.bulk_create(
        Entry(
            business_date=as_of,
            customer_id=task.customer_id,
            user_id=user.pk if user else None,
            actor=str(user) if user else "",
            verb=verb,
            data={"task": task.pk, "kind": task.kind, **data},
            origin="person",
        )
        for task in tasks
    )


def record_absence(
    *,
    user: User | None,
    customers: Sequence[int],
    as_of: date,
    person: int,
    starts_on: date,
    ends_on: date,
    substitute: int | None = None,
) -> Absence:
    """Somebody is away from a day to a day, both included, and their tasks go to the substitute. Raises WorklistRefused.

    `customers`: those whose tasks the person has, when the absence covers today; later ones are handed on by the run.
    """
    away = User.objects.select_for_update().get(pk=person)
    stand_in = User.objects.filter(pk=substitute).first() if substitute else None
    if ends_on < starts_on:
        raise WorklistRefused(
            _("an absence cannot end on %(ends_on)s, before it starts on %(starts_on)s")
            % {"ends_on": ends_on.isoformat(), "starts_on": starts_on.isoformat()}
        )
    if ends_on < as_of:
        raise WorklistRefused(_("an absence that ended on %(ends_on)s is past") % {"ends_on": ends_on.isoformat()})
    if stand_in is not None and (stand_in.pk == away.pk or not stand_in.is_active):
        raise WorklistRefused(_("%(substitute)s cannot stand in for %(user)s") % {"substitute": stand_in, "user": away})
    _check_free(away, stand_in, starts_on, ends_on)
    with by_hand(user=user):
        return Absence.objects.create(user=away, starts_on=starts_on, ends_on=ends_on, substitute=stand_in)


def _check_free(away: User, stand_in: User | None, starts_on: date, ends_on: date) -> None:
    """Nobody is away twice, and a substitute is there."""
    meanwhile = Absence.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
    twice = meanwhile.filter(user=away).first()
    if twice is not None:
        raise WorklistRefused(
            _("%(user)s is away from %(starts_on)s to %(ends_on)s already")
            % {"user": away, "starts_on": twice.starts_on.isoformat(), "ends_on": twice.ends_on.isoformat()}
        )
    if stand_in is not None and meanwhile.filter(user=stand_in).exists():
        raise WorklistRefused(_("%(substitute)s is away in those days, too") % {"substitute": stand_in})


def end_absence(*, user: User | None, customers: Sequence[int], as_of: date, absence: int) -> None:
    """Somebody comes back earlier than said, today; an absence that has not begun is forgotten. Raises WorklistRefused."""
    found = Absence.objects.filter(pk=absence).first()
    if found is None or found.ends_on < as_of:
        raise WorklistRefused(_("this absence is over already"))
    with by_hand(user=user):
        if found.starts_on >= as_of:
            found.delete()
        else:
            Absence.objects.filter(pk=absence).update(ends_on=as_of - timedelta(days=1))


def set_capacity(*, user: User, minutes_a_day: int, by: User | None = None) -> Capacity:
    """Minutes a day that a person has for tasks, 15 to 720."""
    if not 15 <= minutes_a_day <= 720:
        raise WorklistRefused(_("%(minutes)s minutes a day is not between 15 and 720") % {"minutes": minutes_a_day})
    with by_hand(user=by):
        return Capacity.objects.update_or_create(user=user, defaults={"minutes_a_day": minutes_a_day})[0]


def set_efforts(*, efforts: Mapping[str, int], by: User | None = None) -> None:
    """Minutes that a task of each kind takes, 1 to 480."""
    for kind, minutes in efforts.items():
        if kind not in DEFAULT_EFFORTS or not 1 <= minutes <= 480:
            raise WorklistRefused(
                _("%(minutes)s minutes for %(kind)s is not between 1 and 480") % {"minutes": minutes, "kind": kind}
            )
    with by_hand(user=by):
        for kind, minutes in efforts.items():
            Effort.objects.update_or_create(kind=kind, defaults={"minutes": minutes})


def set_languages(*, user: User, languages: Sequence[str]) -> None:
    """The languages a person can talk to customers in, as two-letter codes; instead of those known before."""
    wanted = {language.strip().lower() for language in languages if language.strip()}
    wrong = sorted(language for language in wanted if not (language.isalpha() and len(language) == 2))
    if wrong:
        raise WorklistRefused(_("“%(language)s” is not a two-letter language") % {"language": wrong[0]})
    SpokenLanguage.objects.filter(user=user).exclude(language__in=wanted).delete()
    SpokenLanguage.objects.bulk_create(
        [SpokenLanguage(user=user, language=language) for language in sorted(wanted)], ignore_conflicts=True
    )


def set_weights(*, user: User | None, customers: Sequence[int], as_of: date, weights: Mapping[str, int]) -> None:
    """What each criterion of the priority counts, 0 to 100; every open task is ranked anew. Raises WorklistRefused."""
    for criterion, points in weights.items():
        least = 1 if criterion in NEVER_NOTHING else 0
        if criterion not in DEFAULT_WEIGHTS or not least <= points <= 100:
            raise WorklistRefused(
                _("%(points)s for %(criterion)s is not between %(least)s and 100")
                % {"points": points, "criterion": criterion, "least": least}
            )
    with by_hand(user=user):
        for criterion, points in weights.items():
            Weight.objects.update_or_create(criterion=criterion, defaults={"points": points})
    steps.rank(as_of=as_of)


def set_target(
    *, as_of: date, measure: str, period: str, amount: Decimal, person: int | None = None, by: User | None = None
) -> Target:
    """What the team (no `person`) or a person is to reach in a period, from `as_of` on; 0 ends it. Raises WorklistRefused.

    Contacts and promises are counted; cash is in the tenant's currency.
    """
    if measure not in Target.Measure.values or period not in Target.Period.values or amount < 0:
        raise WorklistRefused(
            _("%(amount)s %(measure)s a %(period)s is not a target")
            % {"amount": amount, "measure": measure, "period": period}
        )
    if person is not None and not Monitoring.objects.filter(single_persons=True).exists():
        raise WorklistRefused(_("figures of single persons are off: targets are the team's"))
    with by_hand(user=by):
        # One target a measure and person: another period takes its place.
        Target.objects.filter(Q(user=person), measure=measure, valid_from=as_of).delete()
        return Target.objects.create(user_id=person, measure=measure, period=period, amount=amount, valid_from=as_of)


def allow_single_persons(*, allowed: bool, agreement: str = "", by: User | None = None) -> Monitoring:
    """Whether figures of single persons are shown; `agreement`: the union agreement or authorisation that allows it.

    Source: L. 300/1970, art. 4. Raises WorklistRefused when it is missing.
    """
    if allowed and not agreement.strip():
        raise WorklistRefused(_("name the agreement or authorisation that allows figures of single persons"))
    with by_hand(user=by):
        return Monitoring.objects.update_or_create(
            tenant=True, defaults={"single_persons": allowed, "agreement": agreement.strip()[:300]}
        )[0]
