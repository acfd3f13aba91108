from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING


class Migration(migrations.Migration):
    """The filters of a list under a name."""

    dependencies = [("shops", "0017_members")]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shop_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("room", models.TextField()),
                ("name", models.TextField()),
                ("query", models.TextField()),
                ("user_id", models.IntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=DO_NOTHING, related_name="+", to="shops.shop"
                    ),
                ),
            ],
            options={
                "db_table": "saved_view",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "room", "user_id", "name"),
                        name="saved_view_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("room__in", ["carts", "customers"])),
                        name="saved_view_room",
                    ),
                ],
            },
        ),
    ]
