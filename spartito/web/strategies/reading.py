"""What the strategy pages show: steps as a time line, in words; who follows what."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from spartito.access.models import User
from spartito.communications.models import Template
from spartito.portfolio.models import PaymentType
from spartito.portfolio.visibility import visible_to
from spartito.strategies.facts import FACTS
from spartito.strategies.models import Enrolment, PaymentRule, Step, Strategy, Version
from spartito.web import wording, words
from spartito.web.labels import ADDRESSEES, HOLDS
from spartito.web.rolenames import role_name
from spartito.web.strategies.fact_values import names_of
from spartito.web.templatetags.spartito import label

SIGNS: dict[str, str | Promise] = {
    ">=": gettext_lazy("at least"),
    ">": gettext_lazy("more than"),
    "<=": gettext_lazy("at most"),
    "<": gettext_lazy("less than"),
    "==": gettext_lazy("exactly"),
    "=": gettext_lazy("exactly"),
}


@dataclass(frozen=True)
class Row:
    """A strategy of the list, with how many visible accounts follow it."""

    strategy: Strategy
    version: Version | None
    followers: int
    for_whom: str
    steps: int


@dataclass(frozen=True)
class Way:
    """The steps of most documents, or (`title`) of those that go another way, in order of days."""

    title: str
    track: str
    stops: list["Stop"]

    @property
    def due_mark(self) -> int:
        """How many of its steps come before the due date."""
        return sum(stop.step.days < 0 for stop in self.stops)


@dataclass(frozen=True)
class Stop:
    """One step on the time line, said in words."""

    step: Step
    name: str
    when: str
    what: str
    icon: str
    who: str
    condition: str
    fallback: str
    template: Template | None
    extras: list[str]


def strategies_for(*, user: User, as_of: date) -> list[Row]:
    """Every strategy by priority of its live version, those without one last."""
    followers = _followers(user=user, as_of=as_of)
    found = Strategy.objects.select_related("live_version").annotate(steps=Count("live_version__steps"))
    rows = [
        Row(each, each.live_version, followers.get(each.pk, 0), for_whom(each, each.live_version), each.steps)
        for each in found
    ]
    return sorted(
        rows, key=lambda row: (row.version is None, row.version.priority if row.version else 0, row.strategy.code)
    )


def _followers(*, user: User, as_of: date) -> dict[int, int]:
    mine = Enrolment.objects.filter(account__in=visible_to(user, as_of), strategy__isnull=False)
    return dict(mine.order_by().values_list("strategy_id").annotate(Count("account_id")))


def for_whom(strategy: Strategy, version: Version | None) -> str:
    """`classe di credito Standard, Estero`; everybody where nothing narrows it."""
    said = said_condition(version.applies_to) if version else ""
    if is_for_everybody_else(strategy, version):
        return f"{said} · {_('everybody else')}" if said else _("everybody else")
    return said or _("everybody")


def is_for_everybody_else(strategy: Strategy, version: Version | None) -> bool:
    """Whether who fits no strategy follows it: as the version says, else as it was."""
    says = version.marks_default if version is not None else None
    return strategy.is_default if says is None else says


def said_condition(condition: dict[str, Any]) -> str:
    """A condition in normal form, in words: `scaduto almeno 1.000,00 e rating A, B`."""
    if not condition:
        return ""
    if "all" in condition:
        return _(" and ").join(_inside(each) for each in condition["all"])
    if "any" in condition:
        return _(" or ").join(_inside(each) for each in condition["any"])
    if "not" in condition:
        return _("not %(what)s") % {"what": _inside(condition["not"])}
    return _said_leaf(condition)


def _inside(condition: dict[str, Any]) -> str:
    """Part of a condition, in words: a group of several stands in brackets."""
    said = said_condition(condition)
    return f"({said})" if len(condition.get("all") or condition.get("any") or ()) > 1 else said


def _said_leaf(leaf: dict[str, Any]) -> str:
    name = fact_name(leaf["fact"])
    value, operator = leaf["value"], leaf["operator"]
    if isinstance(value, bool):
        return name if value else _("not %(what)s") % {"what": name}
    if isinstance(value, list):
        listed = ", ".join(names_of(leaf["fact"], value))
        return (
            f"{name} {listed}"
            if operator == "in"
            else _("%(what)s other than %(values)s") % {"what": name, "values": listed}
        )
    return f"{name} {SIGNS.get(operator, operator)} {_number(leaf['fact'], value)}"


def _number(fact: str, value: Any) -> str:
    """An amount with its cents; a plain number without them where it is whole."""
    found = Decimal(value)
    is_count = fact in FACTS and FACTS[fact].type == "number" and found == found.to_integral_value()
    return words.amount(found, digits=0 if is_count else 2)


def fact_name(name: str) -> str:
    """What people call a fact, inside a sentence."""
    fact = FACTS.get(name)
    return (fact.label_it if words.language() == "it" else fact.label_en).lower() if fact else name


def said_asked(fact: str, operator: str, asked: Any) -> str:
    """What a comparison asks of a fact, without its name: `almeno 1.000,00`, `STD, EST`, `no`."""
    if isinstance(asked, bool):
        return _("yes") if asked else _("no")
    if isinstance(asked, list):
        listed = ", ".join(names_of(fact, asked))
        return listed if operator == "in" else _("other than %(values)s") % {"values": listed}
    return f"{SIGNS.get(operator, operator)} {_number(fact, asked)}"


def said_value(fact: str, value: Any) -> str:
    """What a fact is: `320,00`, `STD`, `sì`."""
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return ", ".join(names_of(fact, [value])) or _("none")
    return _number(fact, value)


def ways(version: Version) -> list[Way]:
    """The steps of a version, said in words: the usual way first, then those of payment types and of what came back."""
    steps = list(version.steps.order_by("position"))
    templates = _templates({step.template for step in steps if step.template})
    tracks: dict[str, list[Stop]] = {}
    for step in sorted(steps, key=lambda each: each.track):
        tracks.setdefault(step.track, []).append(_stop(step, templates.get(step.template)))
    return [Way(_whose(track) if track else "", track, stops) for track, stops in tracks.items()]


def name_of(step: Step) -> str:
    """What people call a step: its name, else its channel or measure, else its code."""
    what = wording.CHANNELS.get(step.channel) if step.channel else wording.MEASURES.get(step.action)
    return str(step.params.get(f"name_{words.language()}") or what or step.code)


def _templates(codes: set[str]) -> dict[str, Template]:
    """The template in force of each code, in the page's language where there is one."""
    found: dict[str, Template] = {}
    rows = Template.objects.filter(code__in=codes).order_by("number")
    for template in sorted(rows, key=lambda each: (each.language == words.language(), each.number)):
        found[template.code] = template
    return found


def _stop(step: Step, template: Template | None) -> Stop:
    what = wording.CHANNELS.get(step.channel) if step.channel else wording.MEASURES.get(step.action)
    return Stop(
        step=step,
        name=name_of(step),
        when=when(step.days),
        what=str(what or step.channel or step.action),
        icon=wording.ICONS.get(step.channel, "alert-octagon" if step.action == "order_block" else "checkbox"),
        who=role_name(step.assign_to),
        condition=said_condition(step.conditions),
        fallback=", ".join(str(wording.CHANNELS.get(channel, channel)) for channel in step.fallback),
        template=template,
        extras=_extras(step),
    )


def when(days: int) -> str:
    """`3 giorni prima della scadenza`, `il giorno della scadenza`, `dopo 15 giorni`."""
    if days < 0:
        return ngettext("%(n)d day before the due date", "%(n)d days before the due date", -days) % {"n": -days}
    if days == 0:
        return _("on the due date")
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def _extras(step: Step) -> list[str]:
    found = []
    if step.must:
        found.append(_("must not be skipped"))
    if step.min_days is not None:
        found.append(_("at least %(n)s days after the step before") % {"n": step.min_days})
    if step.params.get("absorbs") is False:
        found.append(_("letters due that day go all the same"))
    if step.params.get("repeat_every"):
        found.append(_("again every %(n)s days") % {"n": step.params["repeat_every"]})
    if step.params.get("consult"):
        found.append(_("after asking %(whom)s") % {"whom": role_name(step.params["consult"]["who"])})
    if step.params.get("approval"):
        found.append(_("after an approval"))
    if step.params.get("pay_by"):
        days = ngettext("payment within %(n)d day", "payment within %(n)d days", step.params["pay_by"])
        found.append(days % {"n": step.params["pay_by"]})
    if step.params.get("level"):
        found.append(_("level %(level)s") % {"level": step.params["level"]})
    found += _whom(step)
    if step.params.get("include"):
        names = {"late_interest": _("late-payment interest"), "recovery_fee": _("recovery fee")}
        found.append(_("with %(what)s") % {"what": ", ".join(names.get(i, i) for i in step.params["include"])})
    return found


def _whom(step: Step) -> list[str]:
    """Whom it is addressed to, who is told, who gets a copy: where the step says so."""
    params = step.params
    found = [_("to %(whom)s") % {"whom": addressees(params["to"])}] if params.get("to") else []
    for key, words_for in (("notify", _("tells %(whom)s")), ("copy_to", _("copy to %(whom)s"))):
        if params.get(key):
            found.append(words_for % {"whom": ", ".join(role_name(each) for each in params[key])})
    return found


def addressees(roles: list[str]) -> str:
    """Roles of contacts, in the order in which they are tried."""
    return _("; else ").join(str(ADDRESSEES.get(role, role)) for role in roles)


def _whose(track: str) -> str:
    """Whose steps a track beside the main one holds: of a payment type, of what came back unpaid."""
    code, _star, returned = track.partition("*")
    name = code and names_of("payment_type", [code])[0]
    if not returned:
        return _("only: %(what)s") % {"what": name}
    return _("only: %(what)s that came back unpaid") % {"what": name} if name else _("only: what came back unpaid")


def limits_of(version: Version) -> list[tuple[str, str]]:
    """The version's limits, as (what, how much), said in words; what does not bind is left out."""
    catch_up = {"one_by_one": _("one step at a time"), "jump_to_latest": _("straight to the latest due")}
    found = [(_("Days between two steps"), str(version.days_between_steps))]
    if version.contact_max:
        limit = _("at most %(max)s in %(days)s days") % {"max": version.contact_max, "days": version.contact_days}
        found.append((_("Contacts allowed"), limit))
    if version.minimum_overdue:
        found.append((_("Overdue from"), words.amount(version.minimum_overdue)))
    if version.minimum_item:
        found.append((_("Single item from"), words.amount(version.minimum_item)))
    if version.bank_lag:
        found.append((_("Wait for the bank"), ngettext("%(n)d working day", "%(n)d working days", version.bank_lag) % {"n": version.bank_lag}))  # fmt: skip
    names = {step.code: name_of(step) for step in version.steps.all()} if version.further.get("quiet") else {}
    found += [(_("Quiet days"), quiet_days(period, names)) for period in version.further.get("quiet", [])]
    for kind, days in version.further.get("after_hold", {}).items():
        found.append((_("After a hold: %(kind)s") % {"kind": HOLDS.get(kind, kind)}, words.days(days)))
    if version.further.get("release"):
        found.append((_("A released hold"), _("the next working day")))
    found.append((_("After missed days"), catch_up.get(version.catch_up, version.catch_up)))
    found.append((_("An open task waits"), words.days(version.task_patience)))
    return found


def quiet_days(period: dict[str, str], names: dict[str, str]) -> str:
    """`dal 8/8 al 25/8, al massimo: primo sollecito`."""
    days = {key: "/".join(str(int(part)) for part in reversed(period[key].split("-"))) for key in ("from", "to")}
    if period["max_step"]:
        return _("from %(from)s to %(to)s, at most: %(step)s") % (
            days | {"step": names.get(period["max_step"], period["max_step"])}
        )
    return _("from %(from)s to %(to)s, no contact") % days


@dataclass(frozen=True)
class PaymentLine:
    """A payment type and how a version treats it."""

    code: str
    name: str
    rule: str
    is_usual: bool


def payment_rules(version: Version, *, every: bool = False) -> list[PaymentLine]:
    """How the version treats each payment type it names, or (`every`) each that is in use."""
    rules = {rule.payment_type: rule for rule in version.payment_rules.all()}
    tracks = {track.partition("*")[0] for track in version.steps.values_list("track", flat=True)}
    found = []
    for each in PaymentType.objects.order_by("code"):
        rule = rules.get(each.code)
        if rule or (every and each.retired_on is None):
            said = _said_rule(rule, version, has_steps=each.code in tracks) if rule else []
            found.append(PaymentLine(each.code, label(each), ", ".join(said) or _("as usual"), not said))
    return found


def _said_rule(rule: PaymentRule, version: Version, *, has_steps: bool) -> list[str]:
    said = []
    if not rule.is_dunnable:
        said.append(_("never dunned"))
    if rule.start_after == "returned":
        said.append(_("only after it was returned unpaid"))
    if rule.shift_days:
        said.append(_("%(n)s days later") % {"n": rule.shift_days})
    if has_steps:
        said.append(_("steps of its own"))
    if templates := (version.further.get("templates") or {}).get(rule.payment_type):
        said.append(ngettext("%(n)d other template", "%(n)d other templates", len(templates)) % {"n": len(templates)})
    return said


def versions_of(strategy: Strategy) -> list[Version]:
    return list(strategy.versions.select_related("author", "published_by").order_by("-number"))


def follows_version(*, version: Version, user: User, as_of: date) -> int:
    """How many visible accounts follow this very version."""
    return Enrolment.objects.filter(version=version, account__in=visible_to(user, as_of)).count()
