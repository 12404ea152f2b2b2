"""Making a tenant, its business date, and what a tenant's schema must and must not see."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction

from spartito.tenants import operations, queries
from spartito.tenants.models import Tenant


def test_a_new_tenant_has_its_own_empty_tables(live_tenant):
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from portfolio_item")
        assert cursor.fetchone() == (0,)


def test_identity_columns_of_a_copied_schema_count_on_their_own(live_tenant):
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence('access_user', 'id')")
        assert cursor.fetchone()[0].startswith(live_tenant.schema_name)


def test_a_copied_schema_has_every_index_constraint_and_trigger_of_the_template(live_tenant):
    query = """
        select count(*) filter (where kind = 'index'), count(*) filter (where kind = 'constraint'),
               count(*) filter (where kind = 'trigger')
        from (select 'index' as kind from pg_indexes where schemaname = %(schema)s
              union all
              select 'constraint' from pg_constraint where connamespace = %(schema)s::regnamespace
              union all
              select 'trigger' from pg_trigger join pg_class on pg_class.oid = tgrelid
              where relnamespace = %(schema)s::regnamespace and not tgisinternal) as found"""
    with connection.cursor() as cursor:
        cursor.execute(query, {"schema": "template_tenant"})
        template = cursor.fetchone()
        cursor.execute(query, {"schema": live_tenant.schema_name})
        assert cursor.fetchone() == template
    assert template[0] > 50


def test_outside_a_tenant_its_tables_do_not_exist(db):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from portfolio_item")


def test_the_business_date_of_a_replayed_history_is_its_last_run(tenant):
    tenant.clock = Tenant.Clock.LAST_RUN
    tenant.last_run_date = date(2013, 5, 1)
    assert queries.business_date(tenant) == date(2013, 5, 1)


def test_a_recorded_run_never_goes_back(tenant):
    operations.record_run(tenant=tenant, run_date=date(2026, 3, 2))
    operations.record_run(tenant=tenant, run_date=date(2026, 3, 1))
    assert tenant.last_run_date == date(2026, 3, 2)


@pytest.mark.parametrize("slug", ["", "A", "con spazi", "1abc", "public", "è", "a" * 41, 'x"; drop'])
def test_a_slug_that_cannot_stand_in_an_address_is_refused(db, slug):
    with pytest.raises(operations.TenantRefused):
        operations.create_tenant(slug=slug, name="X")


@pytest.mark.parametrize(
    ("key", "value"),
    [("country", "ZZ"), ("country", "Italia"), ("language", "zz"), ("currency", "QQQ"), ("clock", "x")],
)
def test_what_nobody_knows_is_refused_by_its_value(db, key, value):
    with pytest.raises(operations.TenantRefused, match=value):
        operations.create_tenant(**{"slug": "nuova", "name": "X", key: value})


def test_the_command_refuses_a_taken_slug_in_one_line(cli):
    again = cli("tenant", "create", "test", "--name", "X")
    assert (again.status, again.stdout, again.stderr.count("\n")) == (1, "", 1)


def test_a_company_says_whether_two_persons_put_a_strategy_in_force(tenant, cli):
    assert cli("tenant", "set", tenant.slug, "--second-person", "yes").json["second_person"] is True
    tenant.refresh_from_db()
    assert tenant.second_person_publishes
    assert cli("tenant", "set", tenant.slug, "--second-person", "no").json["second_person"] is False
    assert cli("tenant", "set", "nobody", "--second-person", "yes").status == 1
