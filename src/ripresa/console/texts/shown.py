"""What the pages of a text show: its blocks with their words, what is wrong, and what can be chosen."""

import re
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
from ripresa.domain.templates.blocks.document import (
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
from ripresa.domain.templates.catalogue import shared_words
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases import own_templates
from ripresa.usecases.preview_message import preview_sms
from ripresa.usecases.template_faults import MAIL, faults

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
    """All of a text in the language that is looked at."""
    document, language = load(template.document), language_of(request)
    brand = look_of(request.shop.id).brand
    wrong = faults(document, language, brand)
    said = document.said(language)
    return {
        "own": template,
        "brand": brand,
        "language": language,
        **{name: said.get(name, "") for name in (SUBJECT, PREHEADER, SMS, WHY)},
        "why_usual": plain(shared_words(language)["why"]),
        "blocks": _listed(document.blocks, said, wrong),
        "faults": [
            (slot, _place(document, slot), words.fault(text)) for slot, text in wrong.items()
        ],
        "kinds": words.BLOCKS,
        "narrow_kinds": {kind: title for kind, title in words.BLOCKS.items() if kind not in WIDE},
        "choices": {
            "align": words.ALIGNS,
            "when": words.WHENS,
            "split": words.SPLITS,
            "product": words.PRODUCTS,
        },
        "labels": words.SETTINGS,
        "saved": list_saved(request.shop.id),
        **_counted(request, said.get(SMS, ""), language),
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
            {"text": 5, "raw": 8}.get(block.kind, 1),
        )
        for number, block in enumerate(blocks)
    ]


def _excerpt(block: Block, text: str) -> str:
    said = plain(text) if block.kind in {"text", "raw"} else text
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
