"""What follows one outcome of a step, as a form."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spartito.actions.models import OutcomeCode
from spartito.actions.rules import HOLDS, NEXT_STEP, RETRY, TASKS, consequence_of
from spartito.communications.queries import templates_in_force
from spartito.strategies.models import Step, Version
from spartito.web import consequences, labels
from spartito.web.rolenames import role_choices
from spartito.web.strategies.reading import name_of
from spartito.web.templatetags.spartito import label


@dataclass(frozen=True)
class Line:
    """An outcome of the list: what follows it, and whether the step says so itself."""

    code: str
    name: str
    follows: str
    is_own: bool


def lines_of(step: Step) -> list[Line]:
    """Every outcome with what follows it at this step."""
    said, names = step.params.get("outcomes") or {}, step_names(step.version)
    return [
        Line(
            code=outcome.code,
            name=label(outcome),
            follows=consequences.said_consequence(consequence_of(outcome.code, said), steps=names),
            is_own=outcome.code in said,
        )
        for outcome in OutcomeCode.objects.exclude(code="DONE").order_by("position")
    ]


def step_names(version: Version) -> dict[str, str]:
    """The version's steps by code, as people call them."""
    return {step.code: name_of(step) for step in version.steps.order_by("position")}


class OutcomeForm(forms.Form):
    """Empty fields say nothing; `of_the_house` goes back to what follows everywhere."""

    of_the_house = forms.BooleanField(label=_("As everywhere: what the house does"), required=False)
    retry_in = forms.IntegerField(label=_("Try again after so many days"), min_value=1, max_value=365, required=False)
    max = forms.IntegerField(label=_("At most so many times"), min_value=1, max_value=100, required=False)
    then = forms.ChoiceField(label=_("Then"), required=False)
    go_to = forms.ChoiceField(label=_("Straight to"), required=False)
    hold = forms.ChoiceField(label=_("Hold"), required=False)
    review_in = forms.IntegerField(label=_("Review it after so many days"), min_value=1, max_value=365, required=False)
    task_kind = forms.ChoiceField(label=_("A task"), required=False)
    task_for = forms.ChoiceField(label=_("for"), required=False)
    task_in = forms.IntegerField(label=_("in so many days"), min_value=0, max_value=365, required=False)
    send = forms.ChoiceField(label=_("Send"), required=False)
    notify = forms.MultipleChoiceField(label=_("Tell"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, step: Step, code: str, **kwargs: Any) -> None:
        said = step.params.get("outcomes") or {}
        super().__init__(*args, initial=_initial(said, code), **kwargs)
        steps = [(NEXT_STEP, gettext("the next step")), *step_names(step.version).items()]
        choices: dict[str, list[Any]] = {
            "then": [("", "–"), (RETRY, gettext("tried again")), *steps],
            "go_to": [("", "–"), *steps],
            "hold": [("", "–"), *((kind, labels.HOLDS[kind]) for kind in HOLDS)],
            "task_kind": [("", "–"), *((kind, consequences.task_words(kind)) for kind in TASKS)],
            "task_for": role_choices(),
            "send": [("", "–"), *_templates()],
            "notify": role_choices(),
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any] | None:
        """What the text says of the outcome; None: nothing, so the house's way."""
        given = self.cleaned_data
        if given["of_the_house"]:
            return None
        plain = ("retry_in", "max", "then", "go_to", "hold", "review_in", "send", "notify")
        said = {key: given[key] for key in plain if given[key]}
        if given["task_kind"]:
            said["task"] = {
                "kind": given["task_kind"],
                "assign_to": given["task_for"] or "collector",
                "in": given["task_in"] or 0,
            }
        return said


def _initial(said: dict[str, Any], code: str) -> dict[str, Any]:
    follows = consequence_of(code, said)
    task = follows.task
    return {
        "of_the_house": code not in said,
        "retry_in": follows.retry_in,
        "max": follows.max,
        "then": follows.then,
        "go_to": follows.go_to,
        "hold": follows.hold,
        "review_in": follows.review_in,
        "task_kind": task.kind if task else "",
        "task_for": task.assign_to if task else "collector",
        "task_in": task.days if task else None,
        "send": follows.send,
        "notify": list(follows.notify),
    }


def _templates() -> list[tuple[str, str]]:
    named = {each.code: each.name for each in templates_in_force()}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())
