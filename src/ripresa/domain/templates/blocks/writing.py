"""From blocks and words to what the compiler takes: MJML and plain text (MSG-1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files

from ripresa.domain.templates.blocks import looks, markup
from ripresa.domain.templates.blocks.document import PREHEADER, SUBJECT, WHY, Block, Document
from ripresa.domain.templates.blocks.markup import Room, Setting
from ripresa.domain.templates.blocks.plain import text_of
from ripresa.domain.templates.blocks.richtext import escaped
from ripresa.domain.templates.blocks.shipped_words import shared_words
from ripresa.domain.templates.compile import TemplateSource

_SLOT = re.compile(r"\[\[([a-z_]+)\]\]")
_ABOVE, _BELOW = 36, 38  # pixels of the card over its first block and under its last


def source_of(document: Document, language: str, setting: Setting | None = None) -> TemplateSource:
    """The document as a template in one language. Every slot has to have words."""
    setting = setting or looks.setting_of()
    said, shared = document.said(language), shared_words(language)
    why = said.get(WHY, "").strip()
    in_markup = {slot: escape(words) for slot, words in shared.items()}
    look = looks.look(setting)
    card = _Card(said, Room(setting, lambda name: _filled(name, {**in_markup, **look})))
    text = "\n\n".join(
        part
        for block in document.blocks
        if (part := text_of(block, said, setting, lambda name: _filled(name, shared)))
    )
    heads = {
        "subject": escaped(said.get(SUBJECT, "")),
        "preheader": escaped(said.get(PREHEADER, "")),
        "sections": card.sections(document.blocks),
        "why": escaped(why) or in_markup["why"],
    }
    foot = looks.foot(setting.brand, language)
    return TemplateSource(
        language=language,
        subject=said.get(SUBJECT, ""),
        mjml=_filled(
            "frame.mjml", {**in_markup, **look, "foot": looks.foot_in_markup(foot), **heads}
        ),
        text=_filled(
            "frame.txt", {**shared, "why": why or shared["why"], "foot": foot, "blocks": text}
        ),
    )


@dataclass(frozen=True, slots=True)
class _Card:
    """The white sheet of a mail: sections below each other, the first and the last with room around."""

    said: Mapping[str, str]
    room: Room

    def sections(self, blocks: tuple[Block, ...]) -> str:
        """All blocks, those of one column together."""
        runs: list[list[Block]] = []
        for block in blocks:
            is_alone = markup.stands_alone(block, self.said.get(block.id, ""))
            if is_alone or not runs or self._is_alone(runs[-1]):
                runs.append([block])
            else:
                runs[-1].append(block)
        last = len(runs) - 1
        return "\n".join(
            self._section(run, _ABOVE if number == 0 else 0, _BELOW if number == last else 0)
            for number, run in enumerate(runs or [[]])
        )

    def _is_alone(self, run: list[Block]) -> bool:
        return markup.stands_alone(run[0], self.said.get(run[0].id, ""))

    def _section(self, run: list[Block], above: int, below: int) -> str:
        if run and run[0].kind == "raw" and self._is_alone(run):
            return markup.when(run[0], self.said.get(run[0].id, ""))
        brand = self.room.setting.brand
        rounded = f' border-radius="0 0 {brand.radius}px {brand.radius}px"' if below else ""
        is_columns = bool(run) and run[0].kind == "columns"
        side = 28 if is_columns else 36
        mark = f" mark-{run[0].id}" if is_columns and self.room.setting.marks else ""
        opened = (
            f'<mj-section background-color="{brand.card}" padding="{above}px {side}px {below}px"'
            f'{rounded} css-class="card inner{mark}">'
        )
        if is_columns:
            inside = markup.columns(run[0], self.said, self.room)
            return markup.when(run[0], f"{opened}\n{inside}\n</mj-section>")
        inside = "\n".join(
            markup.in_column(block, self.said.get(block.id, ""), self.room) for block in run
        )
        return f"{opened}\n<mj-column>\n{inside}\n</mj-column>\n</mj-section>"


def _filled(part: str, words: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: words.get(slot[1], slot[0]), _part(part))


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    folder = files("ripresa.domain.templates.blocks") / "parts"
    return (folder / name).read_text(encoding="utf-8").rstrip("\n")
