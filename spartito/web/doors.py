"""How a view shows a page, does one thing, and says what came of it."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from spartito.access import permissions
from spartito.platform.errors import Refused
from spartito.web import words

ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def allowed(request: HttpRequest, permission: str) -> bool:
    """Whether this user may, on the business date. Asked as often as a page likes: permissions are read once."""
    return permissions.may(request.user, permission, request.business_date)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page; for htmx only its named `part`, followed by what is to be said (toasts, out of band)."""
    if request.htmx and part:
        body = render_to_string(f"{template}#{part}", context, request)
        if messages.get_messages(request):  # without any, what is being said stays
            body += render_to_string("partials/toasts.html", {"out_of_band": True}, request)
        return HttpResponse(body, status=status)
    return render(request, template, context, status=status)


def said(refusal: Refused) -> str:
    """A refusal as a page says it: it begins a sentence, and its days (ISO for scripts) read as people write them."""
    text = ISO_DAY.sub(_as_written, str(refusal))
    return text[:1].upper() + text[1:]


def _as_written(found: re.Match[str]) -> str:
    try:
        return words.numeric(date.fromisoformat(found[0]))
    except ValueError:  # looks like a day and is none
        return found[0]


def perform(
    request: HttpRequest,
    operation: Callable[..., Any],
    *,
    customers: Sequence[int],
    undo: str = "",
    done: str = "",
    **kw: Any,
) -> Any:
    """Does one operation through `cycle.act` and tells the person what the engine decided.

    `undo`: the address that takes it back, offered beside; `done`: what was done, in a line before. Returns the `Decided`, or None when it was refused (the reason is shown).
    """
    from spartito.cycle.act import act

    try:
        decided = act(operation, user=request.user, customers=list(customers), as_of=request.business_date, **kw)
    except Refused as refusal:
        messages.error(request, said(refusal))
        return None
    shown = {"decided": decided, "did": done, "undo": undo, "explains": allowed(request, "explain.view")}
    told = render_to_string("partials/decided.html", shown, request)
    messages.success(request, told, extra_tags="html")
    return decided


def attempt(request: HttpRequest, do: Callable[[], Any], *, done: str = "") -> Any:
    """Runs `do` (one operation that touches no customer, e.g. of users), whole or not at all, and shows `done`, or why it was refused."""
    try:
        with transaction.atomic():
            result = do()
    except Refused as refusal:
        messages.error(request, said(refusal))
        return None
    if done:
        messages.success(request, done)
    return True if result is None else result


def back(request: HttpRequest, url: str) -> HttpResponse:
    """Sends the person on: where the form's `next` says (this house only), else to `url`."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        url = wanted
    if request.htmx:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = url
        return answer
    return HttpResponseRedirect(url)
