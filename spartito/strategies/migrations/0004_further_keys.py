"""Keys of rule 15: what a version keeps for them, steps in tracks, steps taken again, and why a due step waits."""

from django.db import migrations, models

# The steps there are form one track.
STEPS_BELOW = """
alter table strategies_step disable trigger strategies_step_is_final;
update strategies_step set below = position - 1;
alter table strategies_step enable trigger strategies_step_is_final;
"""

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
        new.task_patience, new.on_broken_promise, new.bank_lag, new.absorb_lower, new.further, new.published_at
    ) is distinct from (
        old.source, old.number, old.strategy_id, old.priority, old.applies_to, old.minimum_overdue,
        old.minimum_item, old.contact_max, old.contact_days, old.days_between_steps, old.catch_up,
        old.task_patience, old.on_broken_promise, old.bank_lag, old.absorb_lower, old.further, old.published_at
    ) then
        raise exception 'version % is published: it never changes', old.number;
    end if;
    if old.status <> 'draft' and new.status = 'draft' then
        raise exception 'version % is published: it is no draft again', old.number;
    end if;
    return new;
end
$body$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0002_waiting_actions'),
        ('portfolio', '0002_standing'),
        ('strategies', '0003_submitted_drafts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='step',
            name='strategies_step_code_once',
        ),
        migrations.RemoveConstraint(
            model_name='takenstep',
            name='strategies_takenstep_once',
        ),
        migrations.AddField(
            model_name='duestep',
            name='waits_for',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='step',
            name='below',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='step',
            name='track',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='takenstep',
            name='again',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='version',
            name='further',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('version', 'track', 'code'), name='strategies_step_code_once'),
        ),
        migrations.AddConstraint(
            model_name='takenstep',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_on__isnull', True)), fields=('item', 'step_code', 'again'), name='strategies_takenstep_once'),
        ),
        migrations.RunSQL(STEPS_BELOW, migrations.RunSQL.noop),
        migrations.RunSQL(PUBLISHED_IS_FINAL, migrations.RunSQL.noop),
    ]
