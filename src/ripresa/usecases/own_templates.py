"""Own templates: begin one, change it block by block and word by word, take a change back."""

import re
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from ripresa.core.ids import new_id
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.document import (
    KINDS,
    MOST_BLOCKS,
    PREHEADER,
    SMS,
    SUBJECT,
    WORDED,
    Block,
    Document,
    Kind,
    dump,
    load,
)
from ripresa.domain.templates.blocks.writing import is_address, source_of
from ripresa.domain.templates.catalogue import is_preset, preset_words, spoken_languages
from ripresa.domain.templates.compile import compile_template
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import check_part
from ripresa.domain.templates.models import OwnTemplate

MOST_UNDO = 30
MAIL = "mail"
_MISSING = "words are missing"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_TALLEST = 200
# What a new template begins with: the slots of the shipped reminder that its blocks take their words from.
_BEGINNING: tuple[tuple[Kind, str], ...] = (
    ("heading", "headline"), ("text", "intro"), ("cart", ""), ("coupon", ""), ("button", "button"),
    ("text", "closing"),
)  # fmt: skip


class NotATemplate(ValueError):
    """It can't be so; the message says why."""


class NameTaken(Exception):
    """There is a template of this name."""


def list_templates(shop_id: int) -> list[OwnTemplate]:
    """The shop's own templates by name."""
    return list(OwnTemplate.objects.filter(shop_id=shop_id).order_by("name"))


def find_template(shop_id: int, template_id: UUID) -> OwnTemplate | None:
    """One of them."""
    return OwnTemplate.objects.filter(shop_id=shop_id, id=template_id).first()


def begin(*, shop: Shop, name: str, preset: str, who: str, now: datetime) -> OwnTemplate:
    """A template that says what a shipped one says, in every language. Raises NotATemplate, NameTaken."""
    if not _NAME.fullmatch(name):
        raise NotATemplate("small letters, digits, - and _, at most 60")
    if is_preset(name):
        raise NameTaken(name)
    try:
        with transaction.atomic():
            return OwnTemplate.objects.create(
                shop=shop, id=new_id(now), name=name, document=dump(_beginning(preset)),
                changed_by=who, changed_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise NameTaken(name) from None


def _beginning(preset: str) -> Document:
    blocks = tuple(Block(f"b{number}", kind) for number, (kind, _slot) in enumerate(_BEGINNING, 1))
    words = {}
    for language in spoken_languages():
        said = preset_words(preset, language)
        words[language] = {
            SUBJECT: said["subject"],
            PREHEADER: said.get("preheader", ""),
            SMS: said["sms"],
            **{
                block.id: said[slot]
                for block, (_kind, slot) in zip(blocks, _BEGINNING, strict=True)
                if slot
            },
        }
        words[language]["b2"] = f"{said['greeting']}\n\n{said['intro']}"
    return Document(blocks=blocks, words=words)


@transaction.atomic
def say(
    *, template: OwnTemplate, language: str, slot: str, text: str, who: str, now: datetime
) -> None:
    """Put words into a slot. Raises NotATemplate for a slot or language there is not."""
    document = _latest(template)
    slots = {SUBJECT, PREHEADER, SMS, *(one.id for one in document.blocks if one.kind in WORDED)}
    if slot not in slots or language not in spoken_languages():
        raise NotATemplate(f"nothing is said at {slot!r} in {language!r}")
    text = text.replace("\r\n", "\n")
    if slot in {SUBJECT, PREHEADER}:
        text = " ".join(text.split())
    _keep(template, document.with_words(language, slot, text), who, now)


@transaction.atomic
def add_block(*, template: OwnTemplate, kind: str, who: str, now: datetime) -> str:
    """Add a block at the end; its id. Raises NotATemplate."""
    document = _latest(template)
    known = next((one for one in KINDS if one == kind), None)
    if known is None or len(document.blocks) >= MOST_BLOCKS:
        raise NotATemplate(f"a template has at most {MOST_BLOCKS} blocks of: {', '.join(KINDS)}")
    # An id is never used again, so that an undo can't bring words to another block.
    highest = max((int(one.id[1:]) for one in _ever(template)), default=0)
    block = Block(f"b{highest + 1}", known)
    _keep(template, document.with_blocks((*document.blocks, block)), who, now)
    return block.id


def _ever(template: OwnTemplate) -> list[Block]:
    states = [template.document, *template.undo]
    return [block for state in states for block in load(state).blocks]


@transaction.atomic
def move_block(*, template: OwnTemplate, block_id: str, to: int, who: str, now: datetime) -> None:
    """Put a block at place `to`, from 0; beyond the ends: at the end. Raises NotATemplate."""
    document = _latest(template)
    block = _block(document, block_id)
    others = [one for one in document.blocks if one is not block]
    others.insert(min(max(to, 0), len(others)), block)
    _keep(template, document.with_blocks(tuple(others)), who, now)


@transaction.atomic
def remove_block(*, template: OwnTemplate, block_id: str, who: str, now: datetime) -> None:
    """Take a block out, and its words with it. Raises NotATemplate."""
    document = _latest(template)
    gone = _block(document, block_id)
    _keep(
        template,
        document.with_blocks(tuple(one for one in document.blocks if one is not gone)),
        who,
        now,
    )


@transaction.atomic
def set_block(
    *, template: OwnTemplate, block_id: str, settings: dict[str, str], who: str, now: datetime
) -> None:
    """Change link, picture, alignment or height of a block. Raises NotATemplate."""
    document = _latest(template)
    block = _block(document, block_id)
    for name in ("link", "source"):
        value = settings.get(name, "")
        if value and not is_address(value):
            raise NotATemplate("an address begins with https:// and has no blanks")
    wanted: dict[str, object] = {
        name: settings[name].strip() for name in ("link", "source") if name in settings
    }
    if settings.get("align") in {"left", "center"}:
        wanted["align"] = settings["align"]
    if "height" in settings:
        height = settings["height"].strip()
        if not height.isascii() or not height.isdigit() or not 0 < int(height) <= _TALLEST:
            raise NotATemplate(f"a height is a number from 1 to {_TALLEST}")
        wanted["height"] = int(height)
    changed = msgspec.structs.replace(block, **wanted)
    blocks = tuple(changed if one is block else one for one in document.blocks)
    _keep(template, document.with_blocks(blocks), who, now)


@transaction.atomic
def take_back(*, template: OwnTemplate, who: str, now: datetime) -> bool:
    """Undo the latest change. False: there is none to undo."""
    _latest(template)
    if not template.undo:
        return False
    *earlier, document = template.undo
    _store(template, document, earlier, who, now)
    return True


def faults(document: Document, language: str) -> dict[str, str]:
    """What keeps the texts of a language from being sent, by slot; empty: nothing does.

    The slot `mail` stands for what no single slot is to blame for.
    """
    found = dict.fromkeys(document.missing(language), _MISSING)
    for slot, text in document.said(language).items():
        if text.strip() and (problem := _fault_of(text)):
            found[slot] = problem
    if not document.blocks:
        found[MAIL] = "there is no block"
    if not found:
        try:
            compile_template(source_of(document, language))
        except TemplateError as problem:
            found[MAIL] = problem.message
    return found


def _fault_of(text: str) -> str:
    try:
        check_part(text, "text")
    except TemplateError as problem:
        return problem.message
    return ""


def _block(document: Document, block_id: str) -> Block:
    found = next((one for one in document.blocks if one.id == block_id), None)
    if found is None:
        raise NotATemplate("that block is gone meanwhile")
    return found


def _keep(template: OwnTemplate, document: Document, who: str, now: datetime) -> None:
    if document != load(template.document):
        _store(template, dump(document), [*template.undo, template.document][-MOST_UNDO:], who, now)


def _latest(template: OwnTemplate) -> Document:
    """The template as it stands now, locked: of two who write at once, neither loses a word."""
    row = OwnTemplate.objects.select_for_update().get(shop_id=template.shop_id, id=template.id)
    for name in ("document", "undo", "revision"):
        setattr(template, name, getattr(row, name))
    return load(template.document)


def _store(
    template: OwnTemplate, document: object, undo: list[object], who: str, now: datetime
) -> None:
    values = {"document": document, "undo": undo, "revision": template.revision + 1}
    row = OwnTemplate.objects.filter(shop_id=template.shop_id, id=template.id)
    row.update(**values, changed_by=who, changed_at=now)
    for name, value in values.items():
        setattr(template, name, value)
    template.changed_by, template.changed_at = who, now
