"""Segments and campaigns for the pages over them, and what the lists of pages say of these rooms."""

from collections.abc import Callable, Mapping
from uuid import UUID

from ripresa.domain.segments import operations
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import parse_segment
from ripresa.domain.shops.models import Shop
from tests.world import T0, World

QUERIES = {
    "segments": 8, "segment-counts": 4, "segment": 12, "segment-new": 7, "segment-edit": 8, "segment-delete": 8,
    "segment-file": 4,
}  # fmt: skip
REHEARSES = ("segment-reach",)


def pages_of(world: World) -> dict[str, str]:
    one = segment_of(world).id
    return {
        "segments": "/wines/segments/",
        "segment": f"/wines/segments/{one}/",
        "segment-new": "/wines/segments/new/?preset=silent",
        "segment-edit": f"/wines/segments/{one}/edit/",
        "segment-as-file": "/wines/segments/new/?as=file",
        "segment-delete": f"/wines/segments/{one}/delete/",
    }


def make_segment(
    shop: Shop,
    name: str = "Left and not recovered",
    when: str = "{abandonment: {state: not_recovered}}",
) -> Segment:
    text = f"name: {name}\nwhen: {when}\n"
    read = parse_segment(text, file_name="segment.yaml", currency=shop.currency)
    return operations.save(shop_id=shop.id, segment=read, text=text, now=T0)


def segment_of(world: World) -> Segment:
    """A segment of Ada's shop, made when it is first asked for."""
    return Segment.objects.filter(shop=world.shop).first() or make_segment(world.shop)


# What addresses name, made when it is first asked for.
IDS: Mapping[str, Callable[[World], UUID]] = {"segment_id": lambda world: segment_of(world).id}
