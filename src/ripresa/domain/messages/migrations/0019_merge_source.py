from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models

from ripresa.core.tenancy import LayTenantReferences
from ripresa.domain.messages.wording import pack, unpack

_AT_ONCE = 500


def shorten(apps: Apps, _editor: Any) -> None:
    """What was kept whole as text is kept whole as bytes: what it was filled from is not known."""
    contents: Any = apps.get_model("outbox", "MessageContent").objects
    for row in _rows(contents):
        words = pack(row.html, row.text)
        contents.filter(shop_id=row.shop_id, id=row.id).update(words=words)


def lengthen(apps: Apps, _editor: Any) -> None:
    """Back to text."""
    contents: Any = apps.get_model("outbox", "MessageContent").objects
    kept = apps.get_model("outbox", "MergeSource").objects.values_list("shop_id", "id", "body")
    sources = {(shop_id, source_id): bytes(body) for shop_id, source_id, body in kept}
    for row in _rows(contents):
        html, text = unpack(row.words, sources.get((row.shop_id, row.source_id), b""))
        contents.filter(shop_id=row.shop_id, id=row.id).update(html=html, text=text)


def _rows(contents: Any) -> Iterator[Any]:
    yield from contents.order_by("shop_id", "id").iterator(chunk_size=_AT_ONCE)


class Migration(migrations.Migration):
    """Words are kept as their difference from what they were filled from."""

    dependencies = [("outbox", "0018_owner_notice_reminders"), ("shops", "0006_volume_breaker")]

    operations = [
        migrations.CreateModel(
            name="MergeSource",
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
                ("body", models.BinaryField()),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={"db_table": "merge_source"},
        ),
        migrations.AddField(
            model_name="messagecontent",
            name="source_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="messagecontent",
            name="source",
            field=models.ForeignObject(
                from_fields=("shop_id", "source_id"),
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="outbox.mergesource",
                to_fields=("shop_id", "id"),
            ),
        ),
        migrations.AddField(
            model_name="messagecontent",
            name="words",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="messagecontent", name="html", field=models.TextField(null=True)
        ),
        migrations.AlterField(
            model_name="messagecontent", name="text", field=models.TextField(null=True)
        ),
        migrations.RunPython(shorten, lengthen),
        migrations.AlterField(
            model_name="messagecontent", name="words", field=models.BinaryField()
        ),
        migrations.RemoveField(model_name="messagecontent", name="html"),
        migrations.RemoveField(model_name="messagecontent", name="text"),
        LayTenantReferences([("message_content", "source_id", "merge_source")]),
    ]
