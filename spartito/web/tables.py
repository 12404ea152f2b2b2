"""Lists that sort, page, export and remember, whatever they list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.functional import cached_property as lazily
from django.utils.text import slugify
from django.utils.translation import get_language

from spartito.access.models import Preference
from spartito.platform import sheets
from spartito.web.printing import list_pdf

COUNT_LIMIT = 1_000
EXPORT_LIMIT = 200_000
PRINT_LIMIT = 5_000
PER_PAGE = 50


@dataclass(frozen=True)
class Column:
    """One column. `order`: field names that sort it ascending (none = not sortable).

    `is_indexed`: an index sorts those that have a value. `kind` aligns and exports it; `value` gives the exported value of a row (default: the attribute `key`).
    """

    key: str
    label: str | Promise
    order: tuple[str, ...] = ()
    kind: sheets.Kind = "text"
    value: Callable[[Any], object] | None = None
    on_phone: bool = True
    is_indexed: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number")

    def of(self, row: Any) -> object:
        if self.value:
            return self.value(row)
        return row.get(self.key) if isinstance(row, dict) else getattr(row, self.key, None)


class _LimitedPaginator(Paginator):
    """Counts no further than COUNT_LIMIT, so that a list of a million opens as fast as a short one."""

    @lazily
    def count(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: COUNT_LIMIT + 1].count()
        return len(self.object_list)


class _IndexedPaginator(_LimitedPaginator):
    """Reads a page from `first`, the rows with a value, which an index finds; from all rows where that is not enough."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, first: QuerySet[Any]) -> None:
        super().__init__(rows, per_page)
        self.first = first

    def page(self, number: int | str) -> Page:
        found = super().page(number)
        rows = list(self.first[found.start_index() - 1 : found.end_index()]) if self.count else []
        if rows and len(rows) == found.end_index() - found.start_index() + 1:
            found.object_list = rows
        return found


@dataclass
class Table:
    """Rows of a list for one request.

    `row_template` renders one `<tr>` (it has `row`, and the page's context). `sort` in the query string is a
    column's key, `-key` descending; `page` its page; `export` csv or xlsx.
    """

    request: HttpRequest
    rows: QuerySet[Any] | Sequence[Any]
    columns: Sequence[Column]
    row_template: str
    name: str = "list"
    default_sort: str = ""
    per_page: int = PER_PAGE
    empty_title: str | Promise = ""
    empty_text: str | Promise = ""
    total: dict[str, Any] = field(default_factory=dict)
    total_template: str = ""
    can_export: bool = True

    @cached_property
    def sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if self._column(asked) else self.default_sort

    @cached_property
    def page(self) -> Page:
        asked, rows, column = self.request.GET.get("page"), self._sorted(), self._column(self.sort)
        if not (column and column.is_indexed and isinstance(self.rows, QuerySet)):
            return _LimitedPaginator(rows, self.per_page).get_page(asked)
        has_value = {f"{name}__isnull": False for name in column.order}
        first = self.rows.filter(**has_value).order_by(*self._by(column, nulls_last=None), "pk")
        return _IndexedPaginator(rows, self.per_page, first=first).get_page(asked)

    @property
    def is_more(self) -> bool:
        """More rows than were counted."""
        return self.page.paginator.count > COUNT_LIMIT

    def heads(self) -> list[dict[str, Any]]:
        """The columns as the head shows them: how each is sorted now, and what a click asks for."""
        now, down = self.sort.lstrip("-"), self.sort.startswith("-")
        found = []
        for column in self.columns:
            is_sorted = column.key == now
            if is_sorted:
                then = column.key if down else f"-{column.key}"
            else:
                then = f"-{column.key}" if column.is_number else column.key
            state = ("descending" if down else "ascending") if is_sorted else ""
            found.append({"column": column, "then": then if column.order else "", "state": state})
        return found

    def export(self) -> HttpResponse | StreamingHttpResponse | None:
        """The whole list as a file when `export` asks for one, else None."""
        kind = self.request.GET.get("export")
        if not self.can_export or kind not in ("csv", "xlsx", "pdf"):
            return None
        heads = [sheets.Column(column.key, str(column.label), column.kind) for column in self.columns]
        rows = ([column.of(row) for column in self.columns] for row in self._exported())
        if kind == "pdf":
            answer: HttpResponse | StreamingHttpResponse = HttpResponse(
                list_pdf(self.request, title=self.name, columns=heads, rows=list(rows)), content_type="application/pdf"
            )
        elif kind == "csv":
            body = sheets.stream_csv(rows, heads, language=get_language() or "it")
            answer = StreamingHttpResponse(list(body), content_type=sheets.CSV_MIME)
        else:
            answer = HttpResponse(sheets.write_xlsx(rows, heads, title=self.name), content_type=sheets.XLSX_MIME)
        answer["Content-Disposition"] = f'attachment; filename="{slugify(self.name)}.{kind}"'
        return answer

    def _exported(self) -> Sequence[Any]:
        limit = PRINT_LIMIT if self.request.GET.get("export") == "pdf" else EXPORT_LIMIT
        return self._sorted()[:limit]

    def _column(self, sort: str) -> Column | None:
        return next((c for c in self.columns if c.order and c.key == sort.lstrip("-")), None)

    def _sorted(self) -> Any:
        column = self._column(self.sort)
        if column is None:
            return self.rows
        down = self.sort.startswith("-")
        if isinstance(self.rows, QuerySet):
            return self.rows.order_by(*self._by(column, nulls_last=True), "pk")
        return sorted(self.rows, key=lambda row: _sortable(column.of(row)), reverse=down)

    def _by(self, column: Column, *, nulls_last: bool | None) -> list[OrderBy]:
        down = self.sort.startswith("-")
        return [OrderBy(F(name), descending=down, nulls_last=nulls_last) for name in column.order]


def _sortable(value: object) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def remembered(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where a list opened without a word leads: the person's last filters and order, also after a new login.

    `?reset=1` forgets them.

    A view returns the answer when there is one. Export and page number are not remembered.
    """
    key, person = f"list:{name}", request.user.pk
    if "reset" in request.GET:
        Preference.objects.filter(user_id=person, key=key).delete()
        return HttpResponseRedirect(request.path)
    last = Preference.objects.filter(user_id=person, key=key).values_list("value__query", flat=True).first() or ""
    if not request.GET and last and not getattr(request, "htmx", False):
        return HttpResponseRedirect(f"{request.path}?{last}")
    kept = QueryDict(mutable=True)
    for word, values in request.GET.lists():
        if word not in ("page", "export") and any(values):
            kept.setlist(word, [value for value in values if value])
    if last != kept.urlencode():
        Preference.objects.update_or_create(user_id=person, key=key, defaults={"value": {"query": kept.urlencode()}})
    return None
