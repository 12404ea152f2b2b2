"""Tasks that ask somebody for a word about a contact that waits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0003_outcomes_that_follow'),
        ('portfolio', '0002_standing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='plannedaction',
            name='actions_planned_that_waits',
        ),
        migrations.AddField(
            model_name='task',
            name='about',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='actions.plannedaction'),
        ),
        migrations.AddIndex(
            model_name='plannedaction',
            index=models.Index(condition=models.Q(('waits_for', ''), _negated=True), fields=['account'], name='actions_planned_that_waits'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('about__isnull', False)), fields=['about'], name='actions_task_question'),
        ),
    ]
