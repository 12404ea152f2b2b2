"""Conditions over facts of an item hold for the item, not for its account alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0002_standing'),
        ('strategies', '0007_campaigns'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='conditionresult',
            name='strategies_conditionresult_once',
        ),
        migrations.AddField(
            model_name='conditionresult',
            name='item',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portfolio.item'),
        ),
        migrations.AddConstraint(
            model_name='conditionresult',
            constraint=models.UniqueConstraint(fields=('version', 'step', 'account', 'item'), name='strategies_conditionresult_once', nulls_distinct=False),
        ),
    ]
