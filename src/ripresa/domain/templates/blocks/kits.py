"""What a shop's own templates share: the brand kit, and blocks that were saved to be used again."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.core.ids import new_id
from ripresa.domain.media.addresses import PATH, read_key
from ripresa.domain.media.imaging import MIDDLE
from ripresa.domain.templates.blocks.brand import USUAL, Brand, dump_brand, load_brand
from ripresa.domain.templates.blocks.document import Block
from ripresa.domain.templates.models import BrandKit, SavedBlock

MOST_SAVED = 100


class Look(NamedTuple):
    """A brand kit and its revision; 0: the shop has none of its own."""

    brand: Brand
    revision: int


def look_of(shop_id: int) -> Look:
    """How a shop's mails look."""
    row = BrandKit.objects.filter(shop_id=shop_id).first()
    return Look(load_brand(row.brand), row.revision) if row else Look(USUAL, 0)


def logo_path(shop_id: int) -> str:
    """Where pages of ours find the shop's logo, in a size for a heading; empty: it has none."""
    key = read_key(look_of(shop_id).brand.logo)
    return f"/{PATH}/{key.at_least(MIDDLE).text}" if key else ""


@transaction.atomic
def keep_look(*, shop_id: int, brand: Brand, who: str, now: datetime) -> None:
    """Keep a brand kit; each change counts its revision up."""
    values = {"brand": dump_brand(brand), "changed_by": who, "changed_at": now}
    row = BrandKit.objects.select_for_update().filter(shop_id=shop_id).first()
    if row is None:
        BrandKit.objects.create(shop_id=shop_id, id=new_id(now), **values)
    else:
        BrandKit.objects.filter(shop_id=shop_id, id=row.id).update(
            revision=row.revision + 1, **values
        )


def list_saved(shop_id: int) -> list[SavedBlock]:
    """The saved blocks of a shop, by name."""
    return list(SavedBlock.objects.filter(shop_id=shop_id).order_by("name"))


def find_saved(shop_id: int, saved_id: UUID) -> SavedBlock | None:
    """One of them."""
    return SavedBlock.objects.filter(shop_id=shop_id, id=saved_id).first()


def keep_saved(
    *, shop_id: int, name: str, block: Block, words: dict[str, dict[str, str]], who: str, now: datetime
) -> None:  # fmt: skip
    """Keep a block under a name; one that was there gives way."""
    values: dict[str, Any] = {
        "block": msgspec.to_builtins(block), "words": words, "saved_by": who, "saved_at": now
    }  # fmt: skip
    SavedBlock.objects.update_or_create(
        shop_id=shop_id,
        name=name,
        defaults=values,
        create_defaults={"id": new_id(now), **values},
    )


def forget_saved(*, shop_id: int, saved_id: UUID) -> bool:
    """Forget a saved block; False: there was none."""
    return bool(SavedBlock.objects.filter(shop_id=shop_id, id=saved_id).delete()[0])
