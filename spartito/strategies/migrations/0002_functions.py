"""The judgement of items as a database function, and published versions that never change."""

from pathlib import Path

from django.db import migrations

FUNCTION = Path(__file__).parent.parent / "functions" / "judged_items.sql"

PUBLISHED_IS_FINAL = """
create or replace function strategies_published_is_final() returns trigger language plpgsql as $body$
begin
    if tg_op = 'DELETE' then
        if old.status <> 'draft' then
            raise exception 'version % is published: it never changes', old.number;
        end if;
        return old;
    end if;
    if old.status <> 'draft' and (
        new.source, new.number, new.strategy_id, new.priority, new.applies_to, new.minimum_overdue,
        new.minimum_item, new.contact_max, new.contact_days, new.days_between_steps, new.catch_up,
        new.task_patience, new.on_broken_promise, new.bank_lag, new.absorb_lower, new.published_at
    ) is distinct from (
        old.source, old.number, old.strategy_id, old.priority, old.applies_to, old.minimum_overdue,
        old.minimum_item, old.contact_max, old.contact_days, old.days_between_steps, old.catch_up,
        old.task_patience, old.on_broken_promise, old.bank_lag, old.absorb_lower, old.published_at
    ) then
        raise exception 'version % is published: it never changes', old.number;
    end if;
    if old.status <> 'draft' and new.status = 'draft' then
        raise exception 'version % is published: it is no draft again', old.number;
    end if;
    return new;
end
$body$;

create or replace function strategies_parts_are_final() returns trigger language plpgsql as $body$
begin
    if exists (
        select 1 from strategies_version as version
        where version.id = coalesce(old.version_id, new.version_id) and version.status <> 'draft'
    ) then
        raise exception 'the version is published: its steps and payment types never change';
    end if;
    return coalesce(new, old);
end
$body$;

create trigger strategies_version_published_is_final before update or delete on strategies_version
for each row execute function strategies_published_is_final();
create trigger strategies_step_is_final before insert or update or delete on strategies_step
for each row execute function strategies_parts_are_final();
create trigger strategies_paymentrule_is_final before insert or update or delete on strategies_paymentrule
for each row execute function strategies_parts_are_final();
"""

UNDONE = """
drop trigger strategies_paymentrule_is_final on strategies_paymentrule;
drop trigger strategies_step_is_final on strategies_step;
drop trigger strategies_version_published_is_final on strategies_version;
drop function strategies_parts_are_final();
drop function strategies_published_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("strategies", "0001_initial"), ("portfolio", "0001_initial"), ("reference", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION.read_text(encoding="utf-8"),
            "drop function strategies_judged_items(date, boolean, bigint[], date)",
        ),
        migrations.RunSQL(PUBLISHED_IS_FINAL, UNDONE),
    ]
