"""What the pages of a text show: its blocks with their words, what is wrong, and what can be chosen."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.texts import words
from ripresa.domain.media.addresses import PATH, read_key
from ripresa.domain.media.imaging import SMALL
from ripresa.domain.templates.blocks import tree
from ripresa.domain.templates.blocks.document import (
    KINDS,
    LETTER_KINDS,
    LETTER_SUBJECT,
    PREHEADER,
    SMS,
    SUBJECT,
    WHY,
    WIDE,
    Block,
    Document,
    load,
)
from ripresa.domain.templates.blocks.kits import list_saved, look_of
from ripresa.domain.templates.blocks.richtext import plain
from ripresa.domain.templates.blocks.shipped_words import shared_words
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.letters.marks import unmarked
from ripresa.domain.templates.models import OwnTemplate, SavedBlock
from ripresa.usecases.templates import own_templates
from ripresa.usecases.templates.preview_message import preview_sms
from ripresa.usecases.templates.template_faults import LETTER, MAIL, faults, letter_faults

_EXCERPT = 60
_FIELD = re.compile(r"\{\{\s*([a-z_.]+)[^{}]*\}\}")
_STATEMENT = re.compile(r"\{%[^{}]*%\}")


class ShownBlock(NamedTuple):
    """One block of the list. `cells`: the columns, each with its blocks."""

    block: Block
    title: Promise | str
    text: str
    excerpt: str
    thumb: str
    fault: str
    cells: list[list["ShownBlock"]]
    is_first: bool
    is_last: bool
    rows: int


def shown(request: ConsoleRequest, template: OwnTemplate) -> dict[str, Any]:
    """The mail and the short message of a text in the language that is looked at."""
    document, language = load(template.document), language_of(request)
    brand = look_of(request.shop.id).brand
    wrong = faults(document, language, brand)
    said = document.said(language)
    return {
        **_frame(template, document, language, wrong),
        "part": "",
        "brand": brand,
        **{name: said.get(name, "") for name in (SUBJECT, PREHEADER, SMS, WHY)},
        "why_usual": _usual_why(request, language),
        "blocks": _listed(document.blocks, said, wrong),
        "kinds": {kind: words.BLOCKS[kind] for kind in KINDS},
        "narrow_kinds": {kind: words.BLOCKS[kind] for kind in KINDS if kind not in WIDE},
        "saved": _saved(request.shop.id, KINDS),
        **_counted(request, said.get(SMS, ""), language),
    }


def _usual_why(request: ConsoleRequest, language: str) -> str:
    """Why this mail, where the text says nothing of its own: the one field in it is the shop's name."""
    said = plain(shared_words(language)["why"])
    return _FIELD.sub(lambda _field: request.shop.name, said)


def shown_letter(request: ConsoleRequest, template: OwnTemplate) -> dict[str, Any]:
    """The letter of a text in the language that is looked at."""
    document, language = load(template.document), language_of(request)
    wrong = letter_faults(document, language) if document.letter else {}
    return {
        **_frame(template, document, language, wrong),
        "part": tree.LETTER,
        LETTER_SUBJECT: document.said(language).get(LETTER_SUBJECT, ""),
        "stop_usual": shared_words(language)["letter_stop"],
        "blocks": _listed(document.letter, document.said(language), wrong),
        "kinds": {kind: words.BLOCKS[kind] for kind in LETTER_KINDS},
        "saved": _saved(request.shop.id, LETTER_KINDS),
    }


def _saved(shop_id: int, kinds: Sequence[str]) -> list[SavedBlock]:
    """The saved blocks that can stand there."""
    return [one for one in list_saved(shop_id) if one.block.get("kind") in kinds]


def _frame(
    template: OwnTemplate, document: Document, language: str, wrong: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "own": template,
        "language": language,
        "faults": [
            (slot, _place(document, slot), words.fault(text)) for slot, text in wrong.items()
        ],
        "choices": {
            "align": words.ALIGNS,
            "when": words.WHENS,
            "split": words.SPLITS,
            "product": words.PRODUCTS,
            "qr": words.YES_NO,
        },
        "labels": words.SETTINGS,
    }


def _listed(blocks: tuple[Block, ...], said: Any, wrong: dict[str, str]) -> list[ShownBlock]:
    last = len(blocks) - 1
    return [
        ShownBlock(
            block,
            words.BLOCKS[block.kind],
            said.get(block.id, ""),
            _excerpt(block, said.get(block.id, "")),
            _thumb(block),
            words.fault(wrong.get(block.id, "")),
            [_listed(cell, said, wrong) for cell in block.cells],
            number == 0,
            number == last,
            {"text": 5, "raw": 8, "paragraphs": 8, "signature": 3, "qr": 2, "small": 3}.get(
                block.kind, 1
            ),
        )
        for number, block in enumerate(blocks)
    ]


class Said(NamedTuple):
    """What is said at a slot; `block`: the one it belongs to, with its words on one line in the list."""

    slot: str
    text: str
    block: Block | None
    excerpt: str


def words_at(template: OwnTemplate, language: str, slot: str) -> Said:
    """The words at a slot as they are stored."""
    document = load(template.document)
    block, text = tree.find(document, slot), document.said(language).get(slot, "")
    return Said(slot, text, block, _excerpt(block, text) if block else "")


def readable(text: str) -> str:
    """Words of a slot without their markup."""
    said = plain(text) if text.lstrip().startswith("<") else unmarked(text)
    return _STATEMENT.sub("", _FIELD.sub(_label, said)).strip()


def _excerpt(block: Block, text: str) -> str:
    said = plain(text) if block.kind in {"text", "raw"} else text
    if block.kind == "paragraphs":
        said = unmarked(text)
    line = " ".join(_STATEMENT.sub("", _FIELD.sub(_label, said)).split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"


def _label(found: re.Match[str]) -> str:
    return str(words.FIELDS.get(found[1], found[0]))


def _thumb(block: Block) -> str:
    key = read_key(block.media)
    return f"/{PATH}/{key.at_most(SMALL).text}" if key else ""


def _place(document: Document, slot: str) -> str:
    named = {
        SUBJECT: _("Subject"),
        PREHEADER: _("Preview line"),
        SMS: _("SMS"),
        WHY: _("Footer"),
        MAIL: _("The mail"),
        LETTER_SUBJECT: _("Subject"),
        LETTER: _("Letter"),
    }
    kinds = {block.id: str(words.BLOCKS[block.kind]) for block in document.walk()}
    return named.get(slot) or kinds.get(slot, slot)


def _counted(request: ConsoleRequest, text: str, language: str) -> dict[str, Any]:
    if not text.strip():
        return {"count": None, "sms_shown": ""}
    try:
        said, count = preview_sms(shop=request.shop, text=text, language=language, now=request.now)
    except TemplateError:
        return {"count": None, "sms_shown": ""}
    return {"count": count, "sms_shown": said}


def language_of(request: ConsoleRequest, named: str = "") -> str:
    """The language that is looked at: asked for, else the shop's."""
    asked = named or request.POST.get("language") or request.GET.get("language", "")
    own = request.shop.language
    return next((one for one in (asked, own) if one in ENDONYMS), "en")


def get_template(request: ConsoleRequest, template_id: UUID) -> OwnTemplate:
    """A text of the shop. Raises Http404."""
    found = own_templates.find_template(request.shop.id, template_id)
    if found is None:
        raise Http404("no such text in this shop")
    return found
