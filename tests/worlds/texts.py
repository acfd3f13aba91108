"""Pictures of Ada's shop."""

from io import BytesIO
from typing import Any

from PIL import Image

from ripresa.domain.media import library
from ripresa.domain.media.models import MediaFile
from tests.world import T0, World


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
