"""What pages let the worker do: the cycle now, an import. Each reports to its `cycle.Work`."""

from datetime import date
from typing import Any

from spartito.cycle import work as works
from spartito.cycle.models import Work
from spartito.ingest.operations import ImportResult
from spartito.ingest.operations import import_file as take_file
from spartito.platform.jobs import tenant_job
from spartito.platform.progress import Progress
from spartito.tenants.models import Tenant
from spartito.tenants.queries import business_date

SHOWN = 200


@tenant_job(name="web_run_cycle", queue="people")
def run_cycle_now(*, tenant: Tenant, work: int) -> None:
    """Runs the day for the tenant's business date."""
    from spartito.cycle.runs import run_cycle

    asked = Work.objects.select_related("user").get(pk=work)

    def doing(on_progress: Progress) -> dict[str, Any]:
        done = run_cycle(tenant=tenant, as_of=business_date(tenant), user=asked.user, on_progress=on_progress)
        return {"run": done.run, "planned": done.planned}

    works.carry_out(asked, doing)


def rehearse_now(*, tenant: Tenant, work: int) -> None:
    """Rehearses a version of a strategy against what is in force, for the customers of who asked."""
    from spartito.cycle.rehearsal import rehearse
    from spartito.web.rehearsal.reading import kept

    asked = Work.objects.select_related("user").get(pk=work)

    def doing(on_progress: Progress) -> dict[str, Any]:
        told = rehearse(
            tenant=tenant, source=asked.params["source"], as_of=business_date(tenant), days=asked.params["days"], user=asked.user,
            on_progress=on_progress,
        )  # fmt: skip
        return kept(told) | {"rehearsal": asked.pk}

    works.carry_out(asked, doing)


rehearse_strategy = tenant_job(name="web_rehearse", queue="people")(rehearse_now)


def compare_now(*, tenant: Tenant, work: int) -> None:
    """Lives a past range again with two versions."""
    from spartito.cycle.comparison import compare
    from spartito.web.comparison.reading import kept

    asked = Work.objects.select_related("user").get(pk=work)

    def doing(on_progress: Progress) -> dict[str, Any]:
        first, second = (version["source"] for version in asked.params["versions"])
        start, end = (date.fromisoformat(asked.params[name]) for name in ("start", "end"))
        told = compare(first=first, second=second, start=start, end=end, on_progress=on_progress)
        return kept(told) | {"comparison": asked.pk}

    works.carry_out(asked, doing)


compare_strategies = tenant_job(name="web_compare", queue="people")(compare_now)


@tenant_job(name="web_check_file", queue="people")
def check_file(*, tenant: Tenant, work: int) -> None:
    """Rehearses the import of an upload; its verdicts are kept beside the file."""
    asked = Work.objects.select_related("user").get(pk=work)

    def doing(on_progress: Progress) -> dict[str, Any]:
        upload = _upload_of(asked)
        result = _import(tenant, upload, asked, on_progress, dry_run=True)
        upload.checked = {**result.as_dict(), "rejects": result.rejects[:SHOWN]}
        upload.save()
        return {"upload": upload.token}

    works.carry_out(asked, doing)


@tenant_job(name="web_import_file", queue="people")
def import_file(*, tenant: Tenant, work: int) -> None:
    """Imports an upload, which is then forgotten: the archive has it."""
    from spartito.web.imports import uploads

    asked = Work.objects.select_related("user").get(pk=work)

    def doing(on_progress: Progress) -> dict[str, Any]:
        upload = _upload_of(asked)
        result = _import(tenant, upload, asked, on_progress, dry_run=False)
        uploads.forget(upload)
        return {"batch": result.batch}

    works.carry_out(asked, doing)


def _upload_of(work: Work):  # type: ignore[no-untyped-def]
    from spartito.web.imports import uploads

    return uploads.find(work.params["upload"], user=work.user_id or 0)


def _import(tenant: Tenant, upload, work: Work, on_progress: Progress, *, dry_run: bool) -> ImportResult:  # type: ignore[no-untyped-def]
    return take_file(
        path=upload.path,
        kind=upload.kind,
        as_of=upload.business_date,
        mode=upload.mode if upload.kind == "items" else "",
        creditor=upload.creditor,
        mapping=upload.mapping if upload.is_saved else upload.spec or None,
        dry_run=dry_run,
        force=bool(work.params.get("force")),
        user=work.user,
        source="page",
        file_name=upload.name,
        today=business_date(tenant),
        on_progress=on_progress,
    )
