"""What the tables themselves must keep, asked of the models and of a tenant's schema."""

import pytest
from django.apps import apps
from django.db import connection, models

from spartito.config.rooms import TENANT_ROOMS
from tests.house.steps import may_see

MODELS = [model for room in ["tenants", *TENANT_ROOMS] for model in apps.get_app_config(room).get_models()]
NO_KEY_TO_CUSTOMERS = {"journal", "archive", "access"}
names = [model._meta.label for model in MODELS]


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_constraints_and_indexes_are_named_after_their_room(model):
    given = [*model._meta.constraints, *model._meta.indexes]
    assert [each.name for each in given if not each.name.startswith(f"{model._meta.app_label}_")] == []
    assert not model._meta.unique_together


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_no_column_is_a_float(model):
    assert [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField) and field.name != "seconds"
    ] == []


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_foreign_keys_lead_down(model):
    room = model._meta.app_label
    for field in model._meta.get_fields():
        if not (isinstance(field, models.ForeignKey) and field.db_constraint):
            continue
        other = field.related_model._meta.app_label
        assert other not in TENANT_ROOMS or may_see(room, other), f"{field.name} leads up to {other}"
        assert not (room in NO_KEY_TO_CUSTOMERS and other == "portfolio"), f"{room} keeps a bare customer_id"


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_keys_are_bigint(model):
    key = model._meta.pk
    assert (
        isinstance(key, (models.BigAutoField, models.OneToOneField, models.ForeignKey, models.UUIDField))
        or key.name != "id"
    )


def test_no_foreign_key_crosses_schemas(tenant):
    with connection.cursor() as cursor:
        cursor.execute("""
            select conname from pg_constraint
            join pg_class as referred on referred.oid = confrelid
            where contype = 'f' and connamespace <> referred.relnamespace""")
        assert cursor.fetchall() == []


def test_a_tenants_tables_hold_no_float(tenant):
    """Money is numeric; so is everything else, except what measures time spent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select table_name, column_name from information_schema.columns
               where table_schema = %s and data_type in ('real', 'double precision')
               and column_name not like '%%seconds%%'""",
            [tenant.schema_name],
        )
        assert cursor.fetchall() == []


def test_every_table_of_a_room_is_in_the_tenants_schema(tenant):
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = %s", [tenant.schema_name])
        present = {name for (name,) in cursor.fetchall()}
    expected = {model._meta.db_table for model in MODELS if model._meta.app_label != "tenants" and model._meta.managed}
    assert expected <= present
    assert "tenants_tenant" not in present
