from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("of_all", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("everybody_on", models.DateField()),
                ("latest", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("of_all", True)), name="portfolio_standing_is_one_row"
                    )
                ],
            },
        ),
    ]
