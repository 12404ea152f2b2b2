"""One step of a draft as a form: when, what, with which text, by whom, on which conditions, what else."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.communications.queries import templates_in_force
from spartito.portfolio.models import PaymentType
from spartito.strategies.further import ADDRESSEES, ROLES_ASKED
from spartito.strategies.models import Step
from spartito.strategies.rules import ACTIONS, CHANNELS, INCLUDES
from spartito.web import labels, wording, words
from spartito.web.rolenames import role_choices, role_name
from spartito.web.strategies.conditions_form import ConditionFields
from spartito.web.strategies.sections import Section, renamed, sections
from spartito.web.templatetags.spartito import label

WRITTEN = [channel for channel in CHANNELS if channel != "phone"]
INCLUDED = {"late_interest": _("late-payment interest"), "recovery_fee": _("recovery fee")}
COPIED = {"salesperson": _("the salesperson"), "collector": _("the collector")}
PLACES = 3  # addressees that the form has room for
PLAIN = ("template", "assign_to", "notify", "fallback", "copy_to", "include", "level", "kind", "must", "pay_by", "repeat_every")  # fmt: skip
KINDS = ("internal", "find_contact", "review", "payment_check")
TITLES = [
    (_("When and what"), ("code", "track", "days", "what", "level", "kind", "name")),
    (_("Text and work"), ("template", "assign_to", "notify", "include", "pay_by", "fallback", "copy_to")),
    (_("Addressed to"), ("to_0", "to_1", "to_2")),
    (_("Pace"), ("min_days", "repeat_every", "must", "lets_letters_go")),
    (_("Before it leaves"), ("approval", "consult", "consult_days", "consult_silence", "consult_delay")),
]
# What each field is asked for: kinds of `kinds_of`.
ASKED_FOR = {
    "level": "order_block", "kind": "task", "template": "written", "include": "written", "pay_by": "contact",
    "to_0": "contact", "to_1": "contact", "to_2": "contact", "notify": "notify",
    "fallback": "written", "copy_to": "written", "assign_to": "phone task propose_legal notify",
    "repeat_every": "contact task notify", "lets_letters_go": "phone", "approval": "contact propose_legal",
    "consult": "contact", "consult_days": "contact", "consult_silence": "contact", "consult_delay": "contact",
}  # fmt: skip
# Keys of the text that another field says.
MEANS = {
    "channel": "what", "action": "what", "absorbs": "lets_letters_go", "who": "consult",
    "to": "to_0", "working_days": "consult_days", "silence": "consult_silence", "max_delay": "consult_delay",
}  # fmt: skip


def kinds_of(what: str) -> str:
    """`written contact email`: what fields may be asked for of a channel or an action."""
    if what in WRITTEN:
        return f"written contact {what}"
    return f"contact {what}" if what in CHANNELS else what


class StepForm(ConditionFields):
    """The keys of a step; `outcomes` and what is not named here stay in the text as they are."""

    counts_followers = True

    track = forms.ChoiceField(label=_("For which documents"), required=False)
    days = forms.IntegerField(
        label=_("Days from the due date"), min_value=-365, max_value=3650, help_text=_("Negative: before it.")
    )
    what = forms.ChoiceField(label=_("What happens"))
    level = forms.IntegerField(label=_("Level of the block"), min_value=1, max_value=5, required=False)
    kind = forms.ChoiceField(label=_("Kind of task"), required=False)
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    template = forms.ChoiceField(label=_("Template"), required=False)
    assign_to = forms.ChoiceField(label=_("Who does it"), required=False)
    include = forms.MultipleChoiceField(
        label=_("With"),
        choices=[(key, INCLUDED[key]) for key in INCLUDES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pay_by = forms.IntegerField(
        label=_("Asks for payment within so many days"), min_value=1, max_value=365, required=False,
        help_text=_("The day is printed, and the next step waits for it."),
    )  # fmt: skip
    fallback = forms.MultipleChoiceField(
        label=_("Else by"), choices=[], required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Where there is no address for the first way."),
    )  # fmt: skip
    copy_to = forms.MultipleChoiceField(
        label=_("Copy to"), choices=list(COPIED.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    notify = forms.MultipleChoiceField(
        label=_("Who is told"), choices=[], required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody marked: whoever does it."),
    )  # fmt: skip
    to_0 = forms.ChoiceField(
        label=_("First"), required=False,
        help_text=_("Left open: by level; from the formal notice on the registered domicile."),
    )  # fmt: skip
    to_1 = forms.ChoiceField(label=_("else"), required=False)
    to_2 = forms.ChoiceField(
        label=_("else"), required=False,
        help_text=_("Where none of these has an address it waits, and somebody is asked to find one."),
    )  # fmt: skip
    min_days = forms.IntegerField(
        label=_("At least so many days after the step before"), min_value=0, max_value=3650, required=False
    )
    repeat_every = forms.IntegerField(
        label=_("Again every so many days"), min_value=1, max_value=365, required=False,
        help_text=_("Only the last step can come again."),
    )  # fmt: skip
    must = forms.BooleanField(label=_("Must not be skipped or wait for the contact limit"), required=False)
    lets_letters_go = forms.BooleanField(label=_("Letters due that day go all the same"), required=False)
    approval = forms.BooleanField(label=_("Waits for an approval"), required=False)
    consult = forms.ChoiceField(
        label=_("Whose word it waits for"), required=False,
        help_text=_("Who knows the customer may say: go, wait, already promised, contested."),
    )  # fmt: skip
    consult_days = forms.IntegerField(label=_("So many working days"), min_value=1, max_value=20, required=False)
    consult_silence = forms.ChoiceField(
        label=_("Silence means"), choices=[("proceed", _("it goes")), ("wait", _("it waits"))], required=False
    )
    consult_delay = forms.IntegerField(
        label=_("Put off by so many days at most"), min_value=1, max_value=60, required=False
    )

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        self.step = step
        initial = _initial(step) if step else {"days": 0, "what": "email"}
        super().__init__(*args, initial=initial, condition=step.conditions if step else None, **kwargs)
        choices: dict[str, list[Any]] = {
            "what": _choices_of_what(),
            "kind": [(each, labels.TASKS[each]) for each in KINDS],
            "template": choices_of_templates(),
            "assign_to": [("", "–"), *role_choices()],
            "fallback": [(each, wording.CHANNELS[each]) for each in WRITTEN],
            "notify": role_choices(),
            **{
                f"to_{n}": [("", "–"), *((each, labels.ADDRESSEES[each]) for each in ADDRESSEES)] for n in range(PLACES)
            },
            "consult": [("", _("nobody's")), *((each, role_name(each)) for each in ROLES_ASKED)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        self._of_a_new_step() if step is None else self.fields.pop("track")

    def _of_a_new_step(self) -> None:
        self.fields["track"].choices = _choices_of_tracks()  # type: ignore[attr-defined]
        self.fields["code"] = forms.SlugField(
            label=gettext("Code"), max_length=60, help_text=gettext("A short word without spaces, as in: second_call.")
        )

    def sections(self) -> list[Section]:
        """The fields under their titles, for the template."""
        return sections(self, TITLES, ASKED_FOR)

    def kinds(self) -> dict[str, str]:
        """What each choice of `what` is, for the page's script."""
        return {each: kinds_of(each) for each in (*CHANNELS, *ACTIONS)}

    def values(self) -> dict[str, Any]:
        """The keys of the step as the text writes them; None takes a key away, and so does what does not fit it."""
        said = self.cleaned_data
        what = said["what"]
        kinds = set(kinds_of(what).split())

        def fitting(name: str) -> Any:
            fits = name not in ASKED_FOR or kinds & set(ASKED_FOR[name].split())
            return (said[name] or None) if fits else None

        values: dict[str, Any] = {"code": said["code"]} if self.step is None else {}
        values |= {
            "days": said["days"],
            "channel": what if what in CHANNELS else None,
            "action": None if what in CHANNELS else what,
            "min_days": said["min_days"],
            **{name: fitting(name) for name in PLAIN},
            "absorbs": False if fitting("lets_letters_go") else None,
            "approval": "required" if fitting("approval") else None,
            **self._to(fitting),
            **self._consult(fitting("consult")),
        }  # fmt: skip
        return values | self.condition_as("conditions") | renamed(self._names(), said["name"])

    def _names(self) -> dict[str, str]:
        return {key: self.step.params.get(f"name_{key}", "") for key in ("it", "en")} if self.step else {}

    def _to(self, fitting: Callable[[str], Any]) -> dict[str, Any]:
        """Whom it is addressed to, in order; a list longer than the form stays as the text writes it."""
        before = (self.step.params.get("to") or []) if self.step else []
        if len(before) > PLACES and fitting("to_0"):
            return {}
        said = list(dict.fromkeys(role for n in range(PLACES) if (role := fitting(f"to_{n}"))))
        return {} if said == before else {"to": said or None}

    def _consult(self, who: str | None) -> dict[str, Any]:
        """The word it waits for; left as the text writes it while it means the same."""
        said = self.cleaned_data
        asked = who and {
            "who": who,
            "working_days": said["consult_days"] or 2,
            "silence": said["consult_silence"] or "proceed",
            "max_delay": said["consult_delay"] or 7,
        }
        before = self.step.params.get("consult") if self.step else None
        return {} if asked == before else {"consult": asked or None}


def _initial(step: Step) -> dict[str, Any]:
    params, asked = step.params, step.params.get("consult") or {}
    return {
        "days": step.days,
        "what": step.channel or step.action,
        "name": params.get(f"name_{words.language()}", ""),
        "template": step.template,
        "assign_to": step.assign_to,
        "fallback": step.fallback,
        "copy_to": params.get("copy_to") or [],
        "include": params.get("include") or [],
        "must": step.must,
        "min_days": step.min_days,
        "lets_letters_go": params.get("absorbs") is False,
        "approval": bool(params.get("approval")),
        "consult": asked.get("who", ""),
        "consult_days": asked.get("working_days"),
        "consult_silence": asked.get("silence"),
        "consult_delay": asked.get("max_delay"),
        "notify": params.get("notify") or [],
        **{f"to_{n}": role for n, role in enumerate((params.get("to") or [])[:PLACES])},
        **{key: params.get(key) for key in ("level", "kind", "pay_by", "repeat_every")},
    }


def _choices_of_what() -> list[Any]:
    contacts = [(each, wording.CHANNELS[each]) for each in CHANNELS]
    measures = [(each, wording.MEASURES[each]) for each in ACTIONS]
    return [(gettext("Contacts"), contacts), (gettext("Measures"), measures)]


def choices_of_templates() -> list[Any]:
    named: dict[str, str] = {}
    for template in sorted(templates_in_force(), key=lambda each: each.language == words.language()):
        named[template.code] = template.name
    return [("", "–"), *sorted(named.items(), key=lambda pair: pair[1].casefold())]


def _choices_of_tracks() -> list[Any]:
    types = [(each.code, label(each)) for each in PaymentType.objects.filter(retired_on__isnull=True).order_by("code")]
    back = gettext("%(what)s that came back unpaid")
    return [
        ("", gettext("all of them")),
        ("*returned", gettext("what came back unpaid")),
        (gettext("Only one payment type"), types),
        (gettext("Only what came back unpaid"), [(f"{code}*returned", back % {"what": name}) for code, name in types]),
    ]
