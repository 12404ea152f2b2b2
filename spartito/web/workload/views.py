"""The work of everybody, and the tasks behind its numbers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from spartito.access.doors import needs, signed_in
from spartito.strategies.queries import exhausted as past_last_step
from spartito.web import doors, filters, tables
from spartito.web.workload import reading
from spartito.worklist import targets

KEYS = ("q", "person", "area", "salesperson", "customer", "kind", "carried")


@needs("work.view")
@require_safe
def workload(request: HttpRequest) -> HttpResponse:
    """How much everybody has and how the day goes; renews itself unless `still=1`."""
    user, as_of = request.user, request.business_date
    by = request.GET.get("by", "person")
    by = by if by in reading.BY else "person"
    whole, lines = reading.work_of(user, as_of, by=by)
    context = {
        "by": by,
        "groups": reading.BY,
        "work": whole,
        "lines": lines,
        "is_still": request.GET.get("still") == "1",
        "shows_persons": whole.by != "person" or any(each.line.done is not None for each in lines),
        "team": targets.team(user, as_of),
        "of_persons": targets.of_persons(user, as_of) if by == "person" else {},
        "measures": reading.MEASURES,
        "periods": reading.PERIODS,
        "may_manage": doors.allowed(request, "work.manage"),
    }
    return doors.page(request, "workload/workload.html", context, part="day")


@needs("work.view")
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of the day, of everybody: chosen ones are given to somebody or planned for another day."""
    as_of = request.business_date
    values = {key: request.GET.get(key, "").strip() for key in KEYS}
    table = tables.Table(
        request,
        reading.tasks_of(request.user, as_of, values),
        _columns(),
        "workload/task_row.html",
        name="tasks",
        default_sort="-priority",
        empty_title=_("No task is like this"),
        empty_text=_("Take a filter away: everything that can be worked on today is in this list."),
    )
    if (answer := table.export()) is not None:
        return answer
    context = {
        "table": table,
        "form": _filters(values, as_of),
        "values": {key: value for key, value in values.items() if value},
        "people": reading.people_choices(as_of),
        "may_manage": doors.allowed(request, "work.manage"),
    }
    return doors.page(request, "workload/tasks.html", context)


@needs("work.view")
@require_safe
def exhausted(request: HttpRequest) -> HttpResponse:
    """Documents past the last step of their strategy: nothing more comes by itself, somebody must decide."""
    table = tables.Table(
        request,
        past_last_step(user=request.user, as_of=request.business_date),
        [
            tables.Column("customer", _("Customer"), ("customer",), "text", lambda row: str(row["customer"])),
            tables.Column("item", _("Document"), (), "text", lambda row: row["item"].document_number),
            tables.Column("step", _("Last step"), ("step",), "text", on_phone=False),
            tables.Column("since", _("Since"), ("since",), "date", on_phone=False),
            tables.Column("days_overdue", _("Days overdue"), ("days_overdue",), "number", on_phone=False),
            tables.Column("amount", _("Amount"), ("amount",), "money"),
        ],
        "workload/exhausted_row.html",
        name="exhausted",
        default_sort="-amount",
        empty_title=_("No document is past its last step"),
        empty_text=_("Everything open has a step to come, is on hold, or is not due yet."),
    )
    return table.export() or doors.page(request, "workload/exhausted.html", {"table": table})


def _columns() -> list[tables.Column]:
    return [
        tables.Column("customer", _("Customer"), ("customer__name",), "text", lambda row: str(row.customer)),
        tables.Column("kind", _("What"), ("kind",), "text", lambda row: row.kind, on_phone=False),
        tables.Column(
            "person", _("Who"), ("assignment__user__full_name",), "text",
            lambda row: str(row.assignment.user or "") if hasattr(row, "assignment") else "",
        ),
        tables.Column("due_on", _("Planned for"), ("due_on",), "date", on_phone=False),
        tables.Column(
            "overdue", _("Overdue"), ("customer__position__overdue",), "money",
            lambda row: row.customer.position.overdue if hasattr(row.customer, "position") else None, on_phone=False,
        ),
        tables.Column(
            "priority", _("Priority"), ("assignment__priority",), "number",
            lambda row: row.assignment.priority if hasattr(row, "assignment") else 0,
        ),
    ]  # fmt: skip


def _filters(values: dict[str, str], as_of):  # type: ignore[no-untyped-def]
    fields = {
        "q": filters.search(_("Search"), _("customer, code")),
        "person": filters.choice(_("Who"), [*reading.people_choices(as_of), ("nobody", _("nobody"))]),
        "area": filters.choice(_("Area"), reading.area_choices()),
        "salesperson": filters.choice(_("Salesperson"), reading.salesperson_choices()),
        "kind": filters.choice(_("What"), reading.kind_choices()),
        "carried": filters.flag(_("Carried over")),
    }
    linked = {"customer": filters.kept()} if values.get("customer") else {}
    return filters.filter_form(values, fields | linked)


@signed_in
@require_safe
def targets_now(request: HttpRequest) -> HttpResponse:
    """What was reached of the targets up to now: the team's, and one's own where the company shows them."""
    user, as_of = request.user, request.business_date
    context = {
        "own": targets.own(user, as_of) if doors.allowed(request, "tasks.work") else [],
        "team": targets.team(user, as_of) if _sees_work(request) else [],
        "measures": reading.MEASURES,
        "periods": reading.PERIODS,
    }
    return doors.page(request, "workload/targets.html", context, part="now")


def _sees_work(request: HttpRequest) -> bool:
    """The team's figures are for who collects and who directs."""
    return doors.allowed(request, "work.view") or doors.allowed(request, "holds.put")
