"""Who sees which customers: stories a credit manager can check, and the rule read row by row."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spartito.access import operations as access
from spartito.access.models import Assignment, OrgUnit, User
from spartito.access.profiles import PROFILES, Sees
from spartito.portfolio.models import CreditClass, Customer, Hold, Position
from spartito.portfolio.tests import ledger
from spartito.portfolio.tests.ledger import DAY, bring_to, seller, unit
from spartito.portfolio.visibility import (
    items_in_scope,
    of_visible,
    visible_customer,
    visible_in_order,
    visible_sql,
    visible_to,
)


def person(profile, *scopes, **values):
    name = f"{profile}{User.objects.count()}"
    return access.create_user(user=None, as_of=DAY, username=name, profile=profile, scopes=scopes, **values)


def seen(user, day=DAY):
    """Codes that the user sees, by rows, in order, beside others and by SQL alike."""
    rows = set(visible_to(user, day).values_list("code", flat=True))
    assert set(visible_in_order(user, day).values_list("code", flat=True)) == rows
    lines = of_visible(Position.objects.all(), user=user, as_of=day)
    assert set(lines.values_list("customer__code", flat=True)) == rows & set(
        Position.objects.values_list("customer__code", flat=True)
    )
    sql, params = visible_sql(user, day)
    with connection.cursor() as cursor:
        cursor.execute(f"select code from portfolio_customer where id in ({sql})", params)
        assert {code for (code,) in cursor.fetchall()} == rows
    return rows


@pytest.fixture
def company(tenant):
    """Two areas below one, two salespeople, a customer of each kind."""
    italia = unit("area", "ITALIA")
    nord, sud = unit("area", "NORD", italia), unit("area", "SUD", italia)
    ledger.customer("ALFA", area=nord, salesperson=seller("ROSSI"))
    ledger.customer("BETA", area=sud, salesperson=seller("BIANCHI"), sector=unit("sector", "TESSILE"))
    gamma = ledger.customer("GAMMA", area=nord, salesperson=seller("BIANCHI"))
    ledger.item(gamma, "F1", "100.00", salesperson=seller("ROSSI"))
    ledger.item(gamma, "F2", "250.00")
    ledger.customer("DELTA", of="ALTRA")
    bring_to()


def test_a_salesperson_sees_own_customers_and_those_of_own_items(company):
    rossi = person("salesperson", ("salesperson", "ROSSI"))
    assert seen(rossi) == {"ALFA", "GAMMA"}
    assert set(items_in_scope(rossi, DAY).values_list("document_number", flat=True)) == {"F1"}


def test_an_area_manager_sees_the_areas_below(company):
    assert seen(person("area_manager", ("area", "NORD"))) == {"ALFA", "GAMMA"}
    assert seen(person("area_manager", ("area", "ITALIA"))) == {"ALFA", "BETA", "GAMMA"}


def test_one_keys_codes_add_up_and_keys_narrow(company):
    assert seen(person("collector_sector", ("area", "NORD"), ("area", "SUD"))) == {"ALFA", "BETA", "GAMMA"}
    assert seen(person("collector_sector", ("area", "NORD"), ("salesperson", "BIANCHI"))) == {"GAMMA"}
    assert seen(person("credit_manager", ("creditor", "ALTRA"))) == {"DELTA"}


def test_who_needs_a_scope_and_has_none_sees_nothing(company):
    for profile in ("salesperson", "area_manager", "division_manager", "collector_sector", "principal"):
        assert seen(person(profile)) == set()
    assert seen(person("salesperson", ("creditor", "MAIN"))) == set()


def test_a_collector_without_scopes_works_the_assigned_portfolio(company):
    anna = person("temp_collector")
    Customer.objects.filter(code="BETA").update(collector=anna)
    assert seen(anna) == {"BETA"}
    assert Assignment.objects.get(user=anna).valid_until == DAY + timedelta(days=90)
    assert seen(anna, DAY + timedelta(days=91)) == set()


def test_a_grant_lends_one_customer_for_a_time(company):
    rossi = person("salesperson", ("salesperson", "ROSSI"))
    beta = Customer.objects.get(code="BETA")
    access.grant(user=None, customers=[beta.pk], as_of=DAY, to=rossi, because="ferie di Bianchi",
                 valid_until=DAY + timedelta(days=14))  # fmt: skip
    assert seen(rossi) == {"ALFA", "BETA", "GAMMA"}
    assert seen(rossi, DAY + timedelta(days=15)) == {"ALFA", "GAMMA"}


def test_lawyers_see_who_is_at_law_and_who_is_proposed(company):
    lawyer = person("lawyer_internal")
    assert seen(lawyer) == set()
    alfa = Customer.objects.get(code="ALFA")
    hold = Hold.objects.create(customer=alfa, kind="legal", starts_on=DAY, because="decreto")
    Customer.objects.filter(code="BETA").update(credit_class=CreditClass.objects.get(code="CON"))
    Customer.objects.filter(code="DELTA").update(legal_proposed_on=DAY)
    assert seen(lawyer) == {"ALFA", "BETA", "DELTA"}
    hold.released_on = DAY
    hold.save()
    assert seen(lawyer) == {"BETA", "DELTA"}


def test_administrators_and_retired_users_see_nobody(company):
    admin, manager = person("system_admin"), person("credit_manager")
    access.grant(user=None, customers=[Customer.objects.first().pk], as_of=DAY, to=admin, because="prova")
    assert seen(admin) == set()
    assert len(seen(manager)) == 4
    access.retire_user(user=None, target=manager)
    assert seen(manager) == set()


def test_several_assignments_add_up(company):
    user = person("salesperson", ("salesperson", "ROSSI"))
    access.give_profile(user=None, as_of=DAY, to=user, profile="principal", scopes=[("creditor", "ALTRA")])
    assert seen(user) == {"ALFA", "GAMMA", "DELTA"}


def test_a_customer_out_of_sight_does_not_exist(company):
    rossi = person("salesperson", ("salesperson", "ROSSI"))
    with pytest.raises(Http404):
        visible_customer(rossi, DAY, Customer.objects.get(code="BETA").pk)
    assert visible_customer(rossi, DAY, Customer.objects.get(code="ALFA").pk).code == "ALFA"


# --- the rule, row by row ------------------------------------------------------------------------------

CODES = {
    "area": ["A", "A1", "A2", "B"],
    "division": ["D1", "D2"],
    "sector": ["S1", "S2"],
    "salesperson": ["P1", "P2"],
    "creditor": ["MAIN", "ALTRA"],
    "class": ["STD", "ENT"],
}
choice = {key: st.one_of(st.none(), st.sampled_from(codes)) for key, codes in CODES.items()}
lines = st.fixed_dictionaries({key: choice[key] for key in ("area", "division", "sector", "salesperson")})
customers = st.tuples(lines, st.sampled_from(CODES["creditor"]), choice["class"], st.lists(lines, max_size=3))
scopes = st.lists(
    st.sampled_from([(key, code) for key, codes in CODES.items() for code in codes]), max_size=4, unique=True
)
profiles = st.sampled_from(
    [code for code, profile in PROFILES.items() if profile.sees in (Sees.ALL, Sees.SCOPED, Sees.NOTHING)]
)


def columns(line):
    return {
        key: (seller(code) if key == "salesperson" else unit(key, code)) if code else None for key, code in line.items()
    }


def below(code):
    return {"A": {"A", "A1", "A2"}}.get(code, {code})


def reads_as_visible(profile, scope, facts, creditor, klass, items):
    """Design section 8, for one customer, without SQL."""
    held = PROFILES[profile]
    if held.sees is Sees.NOTHING:
        return False
    keys = {}
    for key, code in scope:
        keys.setdefault(key, set()).update(below(code) if key == "area" else {code})
    if held.sees is Sees.SCOPED and not (set(keys) - ({"creditor"} if held.lens == "sales" else set())):
        return False
    own = {"creditor": creditor, "class": klass}
    for line in [facts, *[{key: value or facts[key] for key, value in item.items()} for item in items]]:
        if all((line | own)[key] in codes for key, codes in keys.items()):
            return True
    return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(portfolio=st.lists(customers, min_size=1, max_size=6), profile=profiles, scope=scopes)
def test_rows_are_those_of_the_rule(tenant, portfolio, profile, scope):
    start = transaction.savepoint()
    top = unit("area", "A")
    for code in ("A1", "A2"):
        OrgUnit.objects.update_or_create(kind="area", code=code, defaults={"parent": top})
    expected = set()
    for number, (facts, creditor, klass, items) in enumerate(portfolio):
        credit_class = CreditClass.objects.get(code=klass) if klass else None
        made = ledger.customer(f"C{number}", of=creditor, credit_class=credit_class, **columns(facts))
        for place, line in enumerate(items):
            ledger.item(made, f"{number}-{place}", "10.00", **columns(line))
        if reads_as_visible(profile, scope, facts, creditor, klass, items):
            expected.add(f"C{number}")
    bring_to()
    assert seen(person(profile, *scope)) == expected
    transaction.savepoint_rollback(start)
