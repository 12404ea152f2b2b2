"""The one page outside tenants: it asks for the company's code and tells nothing about who is there."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify

from spartito.tenants.models import Tenant


def choose_company(request: HttpRequest, status: int = 200) -> HttpResponse:
    """Leads on to the company typed in; straight to it when there is only one. An unknown one gets this page as a 404."""
    if status != 200:
        return render(request, "tenants/choose_company.html", {"unknown": True}, status=status)
    typed = slugify(request.GET.get("company", ""))
    if typed:
        return HttpResponseRedirect(f"/t/{typed}/")
    first_two = list(Tenant.objects.values_list("slug", flat=True)[:2])
    if len(first_two) == 1:
        return HttpResponseRedirect(f"/t/{first_two[0]}/")
    return render(request, "tenants/choose_company.html")
