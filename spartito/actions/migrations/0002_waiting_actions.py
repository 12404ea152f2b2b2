"""Actions that wait for somebody's word, and calls that stand beside the contact of their day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0001_initial'),
        ('portfolio', '0002_standing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='plannedaction',
            name='actions_plannedaction_one_contact_a_day',
        ),
        migrations.AddField(
            model_name='actionitem',
            name='step_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='plannedaction',
            name='cleared_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='plannedaction',
            name='cleared_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='plannedaction',
            name='is_beside',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='plannedaction',
            name='waits_for',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddIndex(
            model_name='plannedaction',
            index=models.Index(condition=models.Q(models.Q(('waits_for', ''), _negated=True), ('withdrawn_on__isnull', True)), fields=['account'], name='actions_planned_that_waits'),
        ),
        migrations.AddConstraint(
            model_name='plannedaction',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'contact'), ('origin', 'engine'), ('withdrawn_on__isnull', True)), fields=('account', 'due_on', 'is_beside'), name='actions_plannedaction_one_contact_a_day'),
        ),
    ]
