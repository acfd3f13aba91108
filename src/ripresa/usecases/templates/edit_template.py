"""Change an own template block by block and word by word, and take a change back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from ripresa.domain.media.addresses import read_key
from ripresa.domain.media.library import find_by_digest
from ripresa.domain.templates.blocks import kits, tree
from ripresa.domain.templates.blocks.brand import is_colour
from ripresa.domain.templates.blocks.document import (
    ALIGNS,
    KINDS,
    LETTER_KINDS,
    LETTER_SUBJECT,
    LONGEST_MJML,
    LONGEST_WORDS,
    MOST_BLOCKS,
    PREHEADER,
    PRODUCTS,
    SLOTS,
    SPLITS,
    SUBJECT,
    WHENS,
    WHY,
    YES_NO,
    Block,
    Document,
    dump,
    load,
)
from ripresa.domain.templates.blocks.richtext import clean, is_address, is_link
from ripresa.domain.templates.blocks.tree import NoPlace, Place
from ripresa.domain.templates.catalogue import spoken_languages
from ripresa.domain.templates.models import OwnTemplate

MOST_UNDO = 30
_END = Place(MOST_BLOCKS)
# Settings that are whole numbers, and what they may be; empty: as usual.
_NUMBERS: Mapping[str, tuple[int, int]] = {
    "height": (1, 200), "above": (0, 120), "below": (0, 120), "width": (10, 100), "size": (1, 60),
}  # fmt: skip
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "align": ALIGNS, "when": WHENS, "product": PRODUCTS, "qr": YES_NO,
}  # fmt: skip
_LONGEST_PRICE = 60


class NotATemplate(ValueError):
    """It can't be so; the message says why. `kind` is a word for it, `values` what the message names."""

    def __init__(self, message: str, kind: str = "", **values: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.values = values


@dataclass(frozen=True, slots=True)
class Edit:
    """Whose hand changes which template, and when."""

    template: OwnTemplate
    who: str
    now: datetime


@transaction.atomic
def say(
    *, template: OwnTemplate, language: str, slot: str, text: str, who: str, now: datetime
) -> None:
    """Put words into a slot. Raises NotATemplate for a slot or language there is not, or too many words."""
    document = _latest(template)
    blocks = {one.id: one for one in document.walk() if one.is_worded}
    if slot not in {*SLOTS, *blocks} or language not in spoken_languages():
        raise NotATemplate(f"nothing is said at {slot!r} in {language!r}", "gone")
    kind = blocks[slot].kind if slot in blocks else slot
    text = _fitting(text.replace("\r\n", "\n"), LONGEST_MJML if kind == "raw" else LONGEST_WORDS)
    if kind in {SUBJECT, PREHEADER, WHY, LETTER_SUBJECT}:
        text = " ".join(text.split())
    elif kind == "text":
        text = clean(text)
    _keep(template, document.with_words(language, slot, text), who, now)


@transaction.atomic
def add_block(
    *, template: OwnTemplate, kind: str, who: str, now: datetime, place: Place = _END
) -> str:
    """Add a block; its id. Raises NotATemplate."""
    document = _latest(template)
    known = next((one for one in (*KINDS, *LETTER_KINDS) if one == kind), None)
    _check_room(document, 1)
    if known is None:
        raise NotATemplate(f"{kind!r} is no block; there are {', '.join(KINDS)}", "gone")
    block = Block(_fresh_ids(template)(), known)
    if known == "columns":
        block = tree.split_into(block, "1:1")
    _keep(template, _placed(tree.put, document, block, place), who, now)
    return block.id


@transaction.atomic
def move_block(
    *, template: OwnTemplate, block_id: str, who: str, now: datetime, to: int | Place
) -> None:
    """Put a block at place `to`, from 0; beyond the ends: at the end. Raises NotATemplate."""
    document = _latest(template)
    block = _block(document, block_id)
    place = Place(to) if isinstance(to, int) else to
    _keep(template, _placed(tree.moved, document, block, place), who, now)


@transaction.atomic
def remove_block(*, template: OwnTemplate, block_id: str, who: str, now: datetime) -> None:
    """Take a block out, and its words with it. Raises NotATemplate."""
    document = _latest(template)
    _block(document, block_id)
    _keep(template, tree.taken_out(document, block_id), who, now)


@transaction.atomic
def copy_block(*, template: OwnTemplate, block_id: str, who: str, now: datetime) -> str:
    """The same block once more behind itself, with its words; the id of the new one."""
    document = _latest(template)
    block = _block(document, block_id)
    place = tree.place_of(document, block_id) or _END
    words = _words_of(document, block)
    return _insert(Edit(template, who, now), block, words, place._replace(at=place.at + 1))


@transaction.atomic
def save_block(*, template: OwnTemplate, block_id: str, name: str, who: str, now: datetime) -> None:
    """Keep a block with its words, to be used in any text of the shop. Raises NotATemplate."""
    document = _latest(template)
    name = " ".join(name.split())[:60]
    if not name:
        raise NotATemplate("a saved block needs a name", "no_name")
    if len(kits.list_saved(template.shop_id)) >= kits.MOST_SAVED:
        raise NotATemplate(f"a shop keeps at most {kits.MOST_SAVED} blocks", "too_many_saved")
    block = _block(document, block_id)
    words = _words_of(document, block)
    kits.keep_saved(shop_id=template.shop_id, name=name, block=block, words=words, who=who, now=now)


@transaction.atomic
def insert_saved(
    *, template: OwnTemplate, saved_id: UUID, who: str, now: datetime, place: Place = _END
) -> str:
    """A saved block with its words, usually at the end of the mail; its id. Raises NotATemplate."""
    _latest(template)
    saved = kits.find_saved(template.shop_id, saved_id)
    if saved is None:
        raise NotATemplate("that block is gone meanwhile", "gone")
    block = msgspec.convert(saved.block, Block)
    return _insert(Edit(template, who, now), block, saved.words, place)


@transaction.atomic
def set_block(
    *, template: OwnTemplate, block_id: str, settings: Mapping[str, str], who: str, now: datetime
) -> None:
    """Change the settings of a block; those that are not named stay. Raises NotATemplate."""
    document = _latest(template)
    block = _block(document, block_id)
    changed = msgspec.structs.replace(block, **_wanted(settings))
    if settings.get("media"):
        document = _with_picture(document, changed, settings["media"], template.shop_id)
        changed = msgspec.structs.replace(changed, media=settings["media"], source="")
    elif "media" in settings:
        changed = msgspec.structs.replace(changed, media="")
    if settings.get("split") in SPLITS and block.kind == "columns":
        changed = tree.split_into(changed, next(one for one in SPLITS if one == settings["split"]))
    _keep(template, tree.replaced(document, changed), who, now)


@transaction.atomic
def take_back(*, template: OwnTemplate, who: str, now: datetime) -> bool:
    """Undo the latest change. False: there is none to undo."""
    _latest(template)
    if not template.undo:
        return False
    *earlier, document = template.undo
    store(template, document, earlier, who, now, redo=[*template.redo, template.document])
    return True


@transaction.atomic
def do_again(*, template: OwnTemplate, who: str, now: datetime) -> bool:
    """Redo what was taken back last. False: nothing was, or something else was changed since."""
    _latest(template)
    if not template.redo:
        return False
    *later, document = template.redo
    store(template, document, [*template.undo, template.document], who, now, redo=later)
    return True


def _wanted(settings: Mapping[str, str]) -> dict[str, object]:
    wanted = {**_addresses(settings), **_colours(settings)}
    for name, allowed in _CHOICES.items():
        if settings.get(name) in allowed:
            wanted[name] = settings[name]
    for name in set(_NUMBERS) & set(settings):
        number = _number(name, settings[name].strip())
        if number is not None or name != "height":
            wanted[name] = number
    if "price" in settings:
        wanted["price"] = _fitting(" ".join(settings["price"].split()), _LONGEST_PRICE)
    return wanted


def _fitting(text: str, most: int) -> str:
    if len(text) > most:
        count = len(text)
        raise NotATemplate(
            f"{count} characters, at most {most}", "too_long", most=most, count=count
        )
    return text


def _addresses(settings: Mapping[str, str]) -> dict[str, object]:
    wanted: dict[str, object] = {}
    for name in {"link", "source"} & set(settings):
        value = settings[name].strip()
        if value and not (is_link(value) if name == "link" else is_address(value)):
            raise NotATemplate("an address begins with https:// and has no blanks", "address")
        wanted[name] = value
    return {**wanted, "media": ""} if wanted.get("source") else wanted


def _colours(settings: Mapping[str, str]) -> dict[str, object]:
    wanted: dict[str, object] = {}
    for name in {"colour", "background"} & set(settings):
        value = settings[name].strip().lower()
        if value and not is_colour(value):
            raise NotATemplate("a colour is written #rrggbb", "colour")
        wanted[name] = value
    return wanted


def _number(name: str, text: str) -> int | None:
    least, most = _NUMBERS[name]
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise NotATemplate(
            f"a {name} is a number from {least} to {most}", "number", least=least, most=most
        )
    return int(text)


def _with_picture(document: Document, block: Block, media: str, shop_id: int) -> Document:
    """What the picture shows is said wherever nothing is said yet. Raises NotATemplate."""
    key = read_key(media)
    file = find_by_digest(shop_id, key.digest) if key and key.shop_id == shop_id else None
    if file is None:
        raise NotATemplate("that picture is gone meanwhile", "gone")
    if file.alt and block.kind == "image":
        for language in spoken_languages():
            if not document.said(language).get(block.id):
                document = document.with_words(language, block.id, file.alt)
    return document


def _insert(edit: Edit, block: Block, words: Mapping[str, Mapping[str, str]], place: Place) -> str:
    """A copy of a block under fresh ids, with its words."""
    document = load(edit.template.document)
    _check_room(document, 1 + sum(map(len, block.cells)))
    fresh = _fresh_ids(edit.template)
    ids = {each.id: fresh() for each in Document(blocks=(block,)).walk()}
    cells = tuple(
        tuple(msgspec.structs.replace(each, id=ids[each.id]) for each in cell)
        for cell in block.cells
    )
    copy = msgspec.structs.replace(block, id=ids[block.id], cells=cells)
    document = _placed(tree.put, document, copy, place)
    for language, said in words.items():
        for slot, text in said.items():
            if slot in ids:
                document = document.with_words(language, ids[slot], text)
    _keep(edit.template, document, edit.who, edit.now)
    return copy.id


def _words_of(document: Document, block: Block) -> dict[str, dict[str, str]]:
    ids = {each.id for each in Document(blocks=(block,)).walk()}
    return {
        language: {slot: text for slot, text in said.items() if slot in ids}
        for language, said in document.words.items()
    }


def _placed(
    act: Callable[[Document, Block, Place], Document],
    document: Document,
    block: Block,
    place: Place,
) -> Document:
    try:
        return act(document, block, place)
    except NoPlace as wrong:
        raise NotATemplate(str(wrong), "no_place") from None


def _check_room(document: Document, count: int) -> None:
    if sum(1 for _ in document.walk()) + count > MOST_BLOCKS:
        raise NotATemplate(f"a template has at most {MOST_BLOCKS} blocks", "too_many")


def _fresh_ids(template: OwnTemplate) -> Callable[[], str]:
    """Ids that were never used, so that an undo can't bring words to another block."""
    states = [template.document, *template.undo]
    highest = max((int(one.id[1:]) for state in states for one in load(state).walk()), default=0)
    numbers = iter(range(highest + 1, highest + 1 + 2 * MOST_BLOCKS))
    return lambda: f"b{next(numbers)}"


def _block(document: Document, block_id: str) -> Block:
    found = tree.find(document, block_id)
    if found is None:
        raise NotATemplate("that block is gone meanwhile", "gone")
    return found


def _keep(template: OwnTemplate, document: Document, who: str, now: datetime) -> None:
    if document != load(template.document):
        store(template, dump(document), [*template.undo, template.document][-MOST_UNDO:], who, now)


def _latest(template: OwnTemplate) -> Document:
    """The template as it stands now, locked: of two who write at once, neither loses a word."""
    row = OwnTemplate.objects.select_for_update().get(shop_id=template.shop_id, id=template.id)
    for name in ("document", "undo", "redo", "revision"):
        setattr(template, name, getattr(row, name))
    return load(template.document)


def store(
    template: OwnTemplate,
    document: object,
    undo: list[object],
    who: str,
    now: datetime,
    *,
    redo: Sequence[object] = (),
) -> None:
    """Write a template's document down as its next revision; a change of one's own leaves no `redo`."""
    values = {
        "document": document,
        "undo": undo,
        "redo": list(redo),
        "revision": template.revision + 1,
    }
    row = OwnTemplate.objects.filter(shop_id=template.shop_id, id=template.id)
    row.update(**values, changed_by=who, changed_at=now)
    for name, value in values.items():
        setattr(template, name, value)
    template.changed_by, template.changed_at = who, now
