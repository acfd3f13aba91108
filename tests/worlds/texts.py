"""Pictures and saved blocks of Ada's shop."""

from io import BytesIO
from typing import Any

from django.db import transaction
from PIL import Image

from ripresa.domain.media import library
from ripresa.domain.media.models import MediaFile
from ripresa.domain.templates.blocks.brand import USUAL
from ripresa.domain.templates.blocks.document import Block
from ripresa.domain.templates.blocks.kits import keep_look, keep_saved, list_saved
from ripresa.domain.templates.models import SavedBlock
from tests.rows import T0
from tests.world import World


def painted(width: int = 40, height: int = 30, kind: str = "PNG", **how: Any) -> bytes:
    """A picture: a red half and a blue half."""
    image = Image.new("RGB", (width, height), "#a3223c")
    image.paste("#1f5591", (0, 0, max(1, width // 2), height))
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def picture_of(world: World) -> MediaFile:
    """A picture that Ada has uploaded; brought when somebody first asks for it."""
    return library.keep(
        shop_id=world.shop.id, name="bottle.png", content=painted(), who="ada@wines.test", now=T0
    )


def saved_block_of(world: World) -> SavedBlock:
    """A block that Ada uses again, and a brand kit."""
    if not list_saved(world.shop.id):
        keep_saved(
            shop_id=world.shop.id, name="Kind regards", block=Block("b1", "heading"),
            words={"it": {"b1": "Un saluto"}}, who="ada@wines.test", now=T0,
        )  # fmt: skip
        with transaction.atomic():
            keep_look(shop_id=world.shop.id, brand=USUAL, who="ada@wines.test", now=T0)
    return list_saved(world.shop.id)[0]


# What the addresses of these rooms hold.
IDS = {
    "saved_id": lambda world: saved_block_of(world).id,
    "media_id": lambda world: picture_of(world).id,
}
