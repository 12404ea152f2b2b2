"""The pages of 403 and 404, made where the reader's tenant is in force.

An ASGI server runs Django's error handlers in a thread of their own, whose database connection is in no tenant.
So the handlers only say which page is wanted, and the middleware makes it on the way out, in the request's thread.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponse]
PAGES = {403: "403.html", 404: "404.html"}


class Wanted(HttpResponse):
    """An empty answer in place of which the page of its status is shown."""


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`."""
    return Wanted(status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404`."""
    return Wanted(status=404)


class ErrorPages:
    """Makes the page that a handler asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, Wanted):
            return response
        return render(request, PAGES[response.status_code], status=response.status_code)
