"""The permission table: every address × every profile, and whose customers the answers speak of.

One row an address: what a profile must be allowed to get in, and what stands in the address. Who may not
gets 403; what is out of sight is 404 for those who may, so that nobody learns that it exists. The table is
checked complete against the URLconf, and every page that opens is read for names that must not be there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse, set_script_prefix

from spartito.access.models import User
from spartito.access.operations import create_user, grant, put_unit
from spartito.access.permissions import may
from spartito.access.profiles import PROFILES, Sees
from spartito.actions.models import Message, PlannedAction, Task
from spartito.communications.models import ChannelPause, PrintBatch
from spartito.cycle.models import Run
from spartito.ingest.models import Batch, Proposal, Reject, WatchedFile
from spartito.portfolio.models import Block, Contact, Creditor, Customer, Hold, Salesperson
from spartito.portfolio.steps import refresh
from spartito.portfolio.visibility import visible_to
from spartito.strategies.drafts import change_draft, fingerprint, open_draft
from spartito.strategies.editing import with_new_text
from spartito.strategies.models import Version
from spartito.tenants.queries import business_date
from spartito.worklist.models import Absence
from spartito.worklist.steps import assign
from tests import builders
from tests.house.permission_table import OPEN, SCOPES, TABLE, Row

OURS, THEIRS = "Zebra Pelletterie", "Quagga Trasporti"
AMOUNT = "7.777,77"


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path and name of every address inside a tenant."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.name or path
        else:
            yield from addresses(entry, path)


def test_the_table_is_complete():
    found = {name for path, name in addresses(get_resolver()) if not path.startswith(OPEN)}
    assert found == set(TABLE), (
        f"missing rows: {sorted(found - set(TABLE))}; rows of nothing: {sorted(set(TABLE) - found)}"
    )


@dataclass
class Cast:
    """Two customers with everything a customer can have, in two creditors; ids of the rest by name."""

    day: date
    ours: dict[str, Any]
    theirs: dict[str, Any]
    rest: dict[str, Any]


@pytest.fixture
def cast(tenant: Any) -> Cast:
    day = business_date(tenant)
    gestore = create_user(user=None, as_of=day, username="gestore", profile="collector_global")
    for kind, code in (("area", "NORD"), ("division", "NORD_EST"), ("sector", "PELLE")):
        put_unit(user=None, kind=kind, code=code, name=code)
    seller = Salesperson.objects.create(code="V1", name="Vanni Uno")
    unit = {unit.kind: unit for unit in put_units()}
    ours = a_customer(OURS, Creditor.objects.get(), day, salesperson=seller, collector=gestore, **unit)
    theirs = a_customer(THEIRS, builders.creditor("ALTRA"), day)
    Customer.objects.filter(name=OURS).update(legal_proposed_on=day)
    refresh(as_of=day, run_id=None)
    assign(as_of=day, run_id=None)
    return Cast(day, ours, theirs, the_rest(day, gestore, seller, ours))


def put_units() -> list[Any]:
    from spartito.access.models import OrgUnit

    return list(OrgUnit.objects.filter(code__in=("NORD", "NORD_EST", "PELLE")))


def a_customer(name: str, creditor: Creditor, day: date, **values: Any) -> dict[str, Any]:
    """A late customer with a task, a letter, a hold on part of a document, a contact and a proposal of the ERP."""
    made = builders.customer(
        name.split()[0].upper(), of=creditor, name=name, address="Via Roma 1", city="Milano", **values
    )
    Customer.objects.filter(pk=made.pk).update(account=made)
    invoice = builders.invoice(made, f"{made.code}/1", due=day - timedelta(days=40), amount="7777.77")
    contact = {"account": made, "creditor": creditor, "due_on": day, "kind": "contact", "step_code": "first"}
    letter = PlannedAction.objects.create(channel="letter", is_carried_out=True, **contact)
    call = PlannedAction.objects.create(
        channel="phone", is_carried_out=True, **contact | {"due_on": day - timedelta(days=8), "step_code": "call"}
    )
    batch = Batch.objects.create(kind="customers", file_name="anagrafica.csv", business_date=day, status="done")
    return {
        "customer": made.pk,
        "task": Task.objects.create(planned_action=call, customer=made, kind="phone", due_on=call.due_on).pk,
        "message": Message.objects.create(
            planned_action=letter, account=made, creditor=creditor, channel="letter", goes_by="letter",
            template="first_reminder", language="it", to_name=name, due_on=day, step_code="first",
        ).pk,
        "hold": Hold.objects.create(
            customer=made, item=invoice, amount=Decimal("10.00"), kind="dispute", starts_on=day, because="prezzo"
        ).pk,
        "contact": Contact.objects.create(customer=made, name=f"Referente {name}", email="r@example.it").pk,
        "block": Block.objects.create(customer=made, level=1, reason="scaduto", starts_on=day).pk,
        "proposal": Proposal.objects.create(
            customer_id=made.pk, field="phone", current_value="02 1", proposed_value="02 2", batch=batch
        ).pk,
    }  # fmt: skip


def the_rest(day: date, gestore: User, seller: Salesperson, ours: dict[str, Any]) -> dict[str, Any]:
    grant(user=None, customers=[ours["customer"]], as_of=day, to=gestore, because="prova")
    return {
        "hold": ours["hold"],
        "customer": ours["customer"],
        "batch": a_batch_with_a_reject(day).pk,
        "print": PrintBatch.objects.create(made_on=day, made_by=gestore).pk,
        "pause": ChannelPause.objects.create(channel="fax", because="prova", starts_on=day).pk,
        "watched": WatchedFile.objects.create(pattern="*.csv").pk,
        "run": Run.objects.create(date=day, status="done").pk,
        "draft": a_draft_with_a_text_of_the_calendar().pk,
        "creditor": Creditor.objects.get(code="ALTRA").pk,
        "salesperson": seller.pk,
        "person": gestore.pk,
        "assignment": gestore.assignments.get().pk,
        "grant": gestore.grants.get().pk,
        "absence": Absence.objects.create(
            user=gestore, starts_on=day + timedelta(days=9), ends_on=day + timedelta(days=9)
        ).pk,
    }


def a_draft_with_a_text_of_the_calendar() -> Version:
    draft = open_draft(code="standard", user=None)
    text = {"code": "statement", "every": "month", "channel": "email", "template": "account_statement"}
    seen = fingerprint(draft.source)
    return change_draft(code="standard", user=None, seen=seen, change=lambda source: with_new_text(source, values=text))


def a_batch_with_a_reject(day: date) -> Batch:
    """A file of which one row, of a customer by name, was not taken."""
    batch = Batch.objects.create(kind="items", file_name="ledger.csv", business_date=day, status="done", rejected=1)
    raw = {"customer_name": THEIRS, "document_number": "X/1", "due_date": "31/02/2026"}
    Reject.objects.create(batch=batch, row=3, field="due_date", value="31/02/2026", error="no such day", raw=raw)
    return batch


def user_of(profile: str, cast: Cast) -> User:
    made = create_user(
        user=None, as_of=cast.day, username=f"u-{profile}", profile=profile, scopes=SCOPES.get(profile, []),
        password="una-parola-lunga",
    )  # fmt: skip
    if PROFILES[profile].sees is Sees.ENTRUSTED:
        grant(user=None, customers=[cast.ours["customer"]], as_of=cast.day, to=made, because="mandato")
    return made


def browser_of(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address_of(name: str, entry: Row, rest: dict[str, Any], whose: dict[str, Any] | None) -> str:
    """The address with ids filled in: a customer's own things from `whose`, the rest by name."""
    values: dict[str, Any] = {}
    for key, value in entry.fixed.items():
        values[key] = rest.get(value, value) if isinstance(value, str) else value
    if entry.of:
        values[entry.of] = (whose or {}).get(entry.of, 999_999_999)
        if whose and "hold" in entry.fixed:
            values["hold"] = whose["hold"]
    query = {key[1:]: values.pop(key) for key in list(values) if key.startswith("?")}
    set_script_prefix("/")
    path = reverse(name, kwargs=values, urlconf="spartito.config.urls")
    return path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def ask(client: Client, method: str, address: str) -> tuple[int, str]:
    """Status and text of an answer; whatever it did is undone."""
    tenant = connection.tenant
    with transaction.atomic():
        answer = getattr(client, method)(f"/t/{tenant.slug}{address}")
        text = text_of(answer)
        connection.set_tenant(tenant)
        transaction.set_rollback(True)
    return answer.status_code, text


def text_of(answer: HttpResponse) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "" if body.startswith((b"%PDF", b"PK")) else body.decode("utf-8", errors="replace")


def allows(entry: Row, user: User, day: date) -> bool:
    if not all(may(user, permission, day) for permission in entry.needs):
        return False
    return not entry.any or any(may(user, permission, day) for permission in entry.any)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_address_answers_as_the_table_says(cast: Cast, profile: str):
    user = user_of(profile, cast)
    client, day = browser_of(user), cast.day
    seen = set(visible_to(user, day).values_list("name", flat=True))
    assert seen == {"all": {OURS, THEIRS}, "nothing": set()}.get(PROFILES[profile].sees, {OURS})
    wrong = []
    for name, entry in TABLE.items():
        if is_twin(profile) and not entry.of and allows(entry, user, day):
            continue  # the page of the profile that is the same in everything but its name
        for label, whose in (("ours", cast.ours), ("theirs", cast.theirs), ("nobody's", None)):
            if not entry.of and label != "ours":
                continue
            address = address_of(name, entry, cast.rest, whose)
            status, text = ask(client, "post" if entry.posts else "get", address)
            visible = not entry.of or {"ours": OURS, "theirs": THEIRS}.get(label) in seen
            expected = expected_of(entry, user, day, visible=visible)
            leaked = [hidden for hidden in {OURS, THEIRS} - seen if hidden in text]
            if status not in expected or leaked:
                wrong.append(f"{name} ({label}): {status}, not {sorted(expected)} {leaked or ''}")
    assert not wrong, "\n".join(wrong)


def is_twin(profile: str) -> bool:
    """Whether an earlier profile sees, may and looks the same: only doors and customers are tried again then."""
    same = [
        other
        for other, held in PROFILES.items()
        if (held.sees, held.permissions, held.lens)
        == (PROFILES[profile].sees, PROFILES[profile].permissions, PROFILES[profile].lens)
    ]
    return same[0] != profile


def expected_of(entry: Row, user: User, day: date, *, visible: bool) -> set[int]:
    """What may come back. An address of something that was not made for the test may also be missing."""
    if not allows(entry, user, day):
        return {403} if visible else {403, 404}
    if not visible:
        return {404}
    if entry.others and not may(user, entry.others, day):
        return {403}
    made_up = {404} if entry.may_be_missing else set()
    return made_up | ({200, 204, 302, 400, 422} if entry.posts else {200, 302})


def test_strangers_are_led_to_the_login(cast: Cast):
    client = Client()
    for name, entry in TABLE.items():
        address = address_of(name, entry, cast.rest, cast.ours)
        status, text = ask(client, "post" if entry.posts else "get", address)
        assert status == 302, f"{name}: {status}"
        assert OURS not in text


LISTS = [
    "/customers/?all=1", "/customers/?all=1&export=csv", "/search/?q=Zebra", "/search/?q=Quagga",
    "/messages/?all=1", "/messages/?all=1&export=csv", "/ageing/?by=customer", "/ageing/?by=customer&export=csv",
    "/ageing/items/?by=customer", "/ageing/items/?by=customer&export=csv",
    "/workload/?by=customer", "/workload/tasks/", "/workload/tasks/?export=csv",
    "/duedates/?month={earlier}&view=list&kind=due",
]  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES)
def test_lists_search_and_files_hold_exactly_the_visible_rows(cast: Cast, profile: str):
    user = user_of(profile, cast)
    client = browser_of(user)
    seen = set(visible_to(user, cast.day).values_list("name", flat=True))
    wrong = []
    for address in (each.format(earlier=(cast.day - timedelta(days=40)).strftime("%Y-%m")) for each in LISTS):
        status, text = ask(client, "get", address)
        if status == 403:
            continue
        asked = {name for name in (OURS, THEIRS) if "?q=" not in address or f"?q={name.split()[0]}" in address}
        shown = {name for name in asked if name in text}
        expected = asked & seen if may(user, "customers.view", cast.day) else set()
        if (status, shown) != (200, expected):
            wrong.append(f"{address}: {status}, {sorted(shown)} and not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def test_the_order_desk_sees_no_ledger(cast: Cast):
    client = browser_of(user_of("order_desk", cast))
    for address in ("/", "/customers/?all=1", f"/customers/{cast.ours['customer']}/", "/customers/?all=1&export=csv"):
        status, text = ask(client, "get", address)
        assert status == 200
        assert not {amount for amount in (AMOUNT, "7777", "ZEBRA/1") if amount in text}, address


def test_items_of_others_are_a_total_or_whole_as_the_company_chose(cast: Cast):
    """A salesperson's customer with an item that a colleague sold."""
    colleague = Salesperson.objects.create(code="V2", name="Vera Due")
    ours = Customer.objects.get(name=OURS)
    builders.invoice(ours, "COLLEGA/9", due=cast.day - timedelta(days=5), amount="55.00", salesperson=colleague)
    refresh(as_of=cast.day, run_id=None)
    client = browser_of(user_of("salesperson", cast))
    address = f"/customers/{ours.pk}/"
    assert "COLLEGA/9" not in ask(client, "get", address)[1]
    type(connection.tenant).objects.filter(pk=connection.tenant.pk).update(show_other_items="whole")
    assert "COLLEGA/9" in ask(client, "get", address)[1]
