"""Channels: which are paused, since when and why; pause and lift."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spartito.access.doors import needs
from spartito.communications import operations, queries
from spartito.portfolio.models import Creditor
from spartito.web import doors
from spartito.web.wording import CHANNELS


class PauseForm(forms.Form):
    """Which channel stops, whose, and why."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[(code, CHANNELS[code]) for code in operations.CHANNELS])
    creditor = forms.ModelChoiceField(
        Creditor.objects.order_by("name"), label=_("Creditor"), required=False, empty_label=_("all of them")
    )
    because = forms.CharField(label=_("Why"), max_length=300)


@require_safe
@needs("messages.manage")
def pauses(request: HttpRequest) -> HttpResponse:
    """The pauses in force, and whether a mail server is there."""
    context = {
        "pauses": queries.pauses(request.business_date).order_by("channel", "pk"),  # type: ignore[attr-defined]
        "form": PauseForm(),
        "has_server": settings.EMAIL_CONFIGURED,
    }
    return doors.page(request, "messages/pauses.html", context)


@require_http_methods(["GET", "POST"])
@needs("messages.manage")
def pause(request: HttpRequest) -> HttpResponse:
    """Stops a channel from today until it is lifted; what goes by it waits."""
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        doors.attempt(
            request,
            lambda: operations.pause_channel(user=request.user, as_of=request.business_date, **said),  # type: ignore[arg-type,attr-defined]
            done=gettext("The channel is paused."),
        )
        return doors.back(request, reverse("pauses"))
    return doors.page(request, "messages/pause.html", {"form": form, "title": gettext("Pause a channel")})


@require_POST
@needs("messages.manage")
def lift(request: HttpRequest, pause: int) -> HttpResponse:
    """Lets a channel go on."""
    doors.attempt(
        request,
        lambda: operations.lift_pause(user=request.user, as_of=request.business_date, pause=pause),  # type: ignore[arg-type,attr-defined]
        done=gettext("The channel goes on."),
    )
    return doors.back(request, reverse("pauses"))
