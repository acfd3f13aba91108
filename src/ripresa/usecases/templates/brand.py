"""The brand kit of a shop: change it as a whole, every text of the shop's own follows."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.media.addresses import read_key
from ripresa.domain.media.library import find_by_digest
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.brand import (
    COLOURS,
    FACES,
    NETWORKS,
    dump_brand,
    is_colour,
    one_line,
)
from ripresa.domain.templates.blocks.kits import keep_look, look_of
from ripresa.domain.templates.blocks.richtext import is_address
from ripresa.domain.templates.catalogue import spoken_languages

LOGO_WIDTHS = (40, 400)
WIDEST_RADIUS = 30
_FACES = ("headline_face", "text_face")


class NotABrand(ValueError):
    """It can't be so. `field` names what is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} can't be so")
        self.field = field


@transaction.atomic
def change_brand(*, shop: Shop, said: Mapping[str, str], who: str, now: datetime) -> None:
    """Change what is named in `said`; the rest stays. Raises NotABrand.

    Keys: those of COLOURS, radius, headline_face, text_face, logo (a picture's key, empty: none),
    logo_width, company, contact, note_<language>, social_<network>.
    """
    brand = look_of(shop.id).brand
    wanted: dict[str, object] = {}
    for name in set(COLOURS) & set(said):
        value = said[name].strip().lower()
        if not is_colour(value) and not (name == "link" and not value):
            raise NotABrand(name)
        wanted[name] = value
    wanted |= {name: _face(name, said[name]) for name in _FACES if name in said}
    if "radius" in said:
        wanted["radius"] = _number("radius", said["radius"], 0, WIDEST_RADIUS)
    if "logo_width" in said:
        wanted["logo_width"] = _number("logo_width", said["logo_width"], *LOGO_WIDTHS)
    if "logo" in said:
        wanted["logo"] = _logo(shop.id, said["logo"])
    wanted |= {name: one_line(said[name]) for name in ("company", "contact") if name in said}
    wanted["notes"] = _notes(brand.notes, said)
    wanted["social"] = _social(brand.social, said)
    changed = msgspec.structs.replace(brand, **wanted)
    if changed != brand:
        keep_look(shop_id=shop.id, brand=changed, who=who, now=now)
        write_down(
            shop_id=shop.id,
            action=Action.CHANGED,
            subject=Subject(About.TEMPLATE, "brand", "brand kit"),
            now=now,
            before=dump_brand(brand),
            after=dump_brand(changed),
        )


def _face(field: str, name: str) -> str:
    if name not in FACES:
        raise NotABrand(field)
    return name


def _number(field: str, text: str, least: int, most: int) -> int:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or not least <= int(text[:6]) <= most:
        raise NotABrand(field)
    return int(text)


def _logo(shop_id: int, text: str) -> str:
    if not text:
        return ""
    key = read_key(text)
    if key is None or key.shop_id != shop_id or find_by_digest(shop_id, key.digest) is None:
        raise NotABrand("logo")
    return text


def _notes(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    notes = dict(before)
    for language in spoken_languages():
        if f"note_{language}" in said:
            notes[language] = one_line(said[f"note_{language}"])
    return {language: note for language, note in notes.items() if note}


def _social(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    links = dict(before)
    for network in NETWORKS:
        if (address := said.get(f"social_{network}")) is None:
            continue
        address = address.strip()
        if address and (not is_address(address) or not urlsplit(address).hostname):
            raise NotABrand(f"social_{network}")
        links[network] = address
    return {network: links[network] for network in NETWORKS if links.get(network)}
