"""What a step says, on a real customer: the very page or letter that would leave, while the step is being written."""

from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from spartito.access.doors import needs
from spartito.communications.email import html_of
from spartito.communications.letter import pdf_of
from spartito.communications.reading import NothingComposed
from spartito.communications.trying import try_text
from spartito.portfolio.models import Customer
from spartito.portfolio.queries.customers import search
from spartito.portfolio.visibility import visible_to
from spartito.strategies.models import Strategy
from spartito.strategies.rules import INCLUDES
from spartito.web import doors
from spartito.web.strategies.step_form import WRITTEN, choices_of_templates

MOST = 8


class AskedForm(forms.Form):
    """The step's own fields, as far as a text needs them."""

    template = forms.ChoiceField(required=False)
    what = forms.ChoiceField(choices=[(each, each) for each in WRITTEN], required=False)
    include = forms.MultipleChoiceField(choices=[(each, each) for each in INCLUDES], required=False)
    pay_by = forms.IntegerField(min_value=1, max_value=365, required=False)
    days = forms.IntegerField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["template"].choices = choices_of_templates()  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What `try_text` takes; fields that cannot be read say nothing."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "template": said.get("template") or "",
            "channel": said.get("what") or "email",
            "include": said.get("include") or [],
            "pay_by": said.get("pay_by"),
            "before_due": (said.get("days") or 0) < 0,
        }


@require_safe
@needs("strategies.view", "customers.view", "messages.view")
def says(request: HttpRequest, code: str) -> HttpResponse:
    """Whom to look at: who follows the strategy and owes most that is not on hold, or who is searched for."""
    strategy = get_object_or_404(Strategy, code=code)
    words = request.GET.get("q", "").strip()
    user, as_of = request.user, request.business_date  # type: ignore[attr-defined]
    if words:
        found = search(user=user, as_of=as_of, words=words, limit=MOST)  # type: ignore[arg-type]
    else:
        seen = visible_to(user, as_of).filter(enrolment__strategy=strategy)  # type: ignore[arg-type]
        late = seen.filter(position__overdue__gt=F("position__on_hold"))
        found = list(late.select_related("position").order_by("-position__overdue", "pk")[:MOST])
    query = request.GET.copy()
    for key in [key for key in query if key not in AskedForm.base_fields]:
        del query[key]
    context = {"found": found, "q": words, "code": code, "query": query.urlencode()}
    return doors.page(request, "strategies/says.html", context)


@require_safe
@xframe_options_sameorigin
@needs("strategies.view", "customers.view", "messages.view")
def letter(request: HttpRequest, code: str, customer: int) -> HttpResponse:
    """The page that this customer would read, or (`as=pdf`) the letter; what is missing is said in its place."""
    get_object_or_404(Strategy, code=code)
    seen = visible_to(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    found = get_object_or_404(seen.select_related("account", "account__creditor", "creditor"), pk=customer)
    account: Customer = found.account or found
    asked = AskedForm(request.GET).asked()
    try:
        if not asked["template"]:
            raise NothingComposed(_("choose a template first"))
        text = try_text(account=account, as_of=request.business_date, **asked)  # type: ignore[attr-defined]
    except NothingComposed as refusal:
        return _alone(f"<!doctype html><meta charset=utf-8><title>–</title><p>{escape(refusal)}</p>")
    if request.GET.get("as") == "pdf":
        answer = HttpResponse(pdf_of(text), content_type="application/pdf")
        answer.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'self'; frame-ancestors 'self'"
        answer.headers["Content-Disposition"] = f'inline; filename="{code}-{found.code}.pdf"'
        return answer
    return _alone(html_of(text))


def _alone(page: str) -> HttpResponse:
    """A page in a sandbox that runs nothing and loads nothing."""
    answer = HttpResponse(page)
    answer.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    return answer
