"""Templates of what is written: read by all who may read strategies, changed by the credit manager as a new number."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import check, needs
from spartito.communications import composing
from spartito.communications.models import Rendition, Template
from spartito.communications.operations import save_template
from spartito.communications.queries import templates_in_force
from spartito.communications.rules import BLOCK_FIELDS, INLINE_FIELDS, SUBJECT_FIELDS, TemplateWrong, check_template
from spartito.portfolio.visibility import visible_to
from spartito.web import doors
from spartito.web.masterdata.samples import sample_blocks


class TemplateForm(forms.Form):
    """Subject and Markdown text; a field that does not exist is said where it stands."""

    name = forms.CharField(label=_("Name"), max_length=120)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    body = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}), strip=False
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            check_template(subject=said.get("subject", ""), body=said.get("body", ""))
        except TemplateWrong as wrong:
            self.add_error("body", str(wrong))
        return said


@require_safe
@needs("strategies.view")
def templates(request: HttpRequest) -> HttpResponse:
    """Every template in force, by code and language."""
    return doors.page(
        request, "masterdata/templates.html", {"templates": templates_in_force().select_related("author")}
    )


@require_http_methods(["GET", "POST"])
@needs("strategies.view")
def template(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """One template with a preview on a real message; saved as a new number, so that what left keeps its words."""
    current = Template.objects.filter(code=code, language=language).order_by("-number").first()
    if current is None:
        raise Http404
    may_edit = doors.allowed(request, "strategies.edit")
    if request.method == "POST":
        check(request, "strategies.edit")
    form = TemplateForm(
        request.POST or None, initial={"name": current.name, "subject": current.subject, "body": current.body}
    )
    if request.method == "POST" and form.is_valid():
        _save(request, current, form.cleaned_data)
        return doors.back(request, reverse("masterdata_template", args=[code, language]))
    context = {
        "template": current,
        "form": form,
        "may_edit": may_edit,
        "languages": Template.objects.filter(code=code)
        .values_list("language", flat=True)
        .distinct()
        .order_by("language"),
        "numbers": Template.objects.filter(code=code, language=language).select_related("author").order_by("-number"),
        "inline_fields": sorted(INLINE_FIELDS),
        "block_fields": sorted(BLOCK_FIELDS),
        "subject_fields": sorted(SUBJECT_FIELDS),
        **_preview(request, current.code, current.language, current.subject, current.body),
    }
    return doors.page(request, "masterdata/template.html", context)


def _save(request: HttpRequest, current: Template, said: dict[str, str]) -> None:
    if (said["name"], said["subject"], said["body"]) == (current.name, current.subject, current.body):
        messages.info(request, gettext("Nothing changed."))
        return
    done = gettext("Saved as number %(n)s: messages composed from now on say it.") % {"n": current.number + 1}
    doors.attempt(
        request,
        lambda: save_template(
            user=request.user,  # type: ignore[arg-type]
            code=current.code,
            language=current.language,
            tone=current.tone,
            interrupts_limitation=current.interrupts_limitation,
            **said,
        ),
        done=done,
    )


@require_POST
@needs("strategies.view")
def preview(request: HttpRequest) -> HttpResponse:
    """The text as typed, filled with a real message's fields; or what is wrong with it."""
    code, language = request.POST.get("code", ""), request.POST.get("language", "it")
    context = _preview(request, code, language, request.POST.get("subject", ""), request.POST.get("body", ""))
    return doors.page(request, "masterdata/preview.html", context, part="preview")


def _preview(request: HttpRequest, code: str, language: str, subject: str, body: str) -> dict[str, Any]:
    try:
        check_template(subject=subject, body=body)
    except TemplateWrong as wrong:
        return {"wrong": str(wrong)}
    real = _latest(request, code, language)
    if real is None:
        return {"blocks": sample_blocks(body), "subject": subject, "sampled_from": None}
    tried = Rendition(
        message=real.message,
        template=Template(code=code, language=language, subject=subject, body=body, tone=real.template.tone),  # type: ignore[union-attr]
        fields=real.fields,
        subject=subject,
    )
    return {
        "blocks": composing.write(real.message, tried).blocks,
        "subject": real.subject if subject == real.template.subject else subject,  # type: ignore[union-attr]
        "sampled_from": real.message.account,
    }


def _latest(request: HttpRequest, code: str, language: str) -> Rendition | None:
    """The last rendition of this template to a visible customer."""
    mine = visible_to(request.user, request.business_date)  # type: ignore[arg-type,attr-defined]
    found = Rendition.objects.filter(template__code=code, template__language=language, message__account__in=mine)
    return found.select_related("message__account__collector", "message__account__salesperson", "message__creditor", "template").order_by("-id").first()  # fmt: skip
