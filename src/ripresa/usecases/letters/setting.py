"""Set claimed letters on paper, all that are due at once in one batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.channel import (
    Channel,
    OutgoingLetter,
    PostalAddress,
    RefusalKind,
    Refused,
)
from ripresa.contracts.letters.abilities import HasWindow
from ripresa.contracts.letters.windows import Window, window_of
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.models import MessageLetter
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.blocks.brand import SERIFS, ink_of
from ripresa.domain.templates.blocks.kits import look_of
from ripresa.domain.templates.context import locale_of
from ripresa.domain.templates.letters.addresses import (
    LINE_MM,
    BadAddress,
    address_lines,
    clean,
)
from ripresa.domain.templates.letters.blocks import FilledLetter, Text
from ripresa.domain.templates.letters.setting import (
    CannotSet,
    SetLetter,
    Sheet,
    Spot,
    Stationery,
    check_glyphs,
    find_spots,
    look_at,
    set_letters,
)
from ripresa.domain.templates.letters.typeface import NoGlyph
from ripresa.domain.templates.pictures import BACKGROUND, LOGO, find_pictures
from ripresa.domain.templates.render import Rendered


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter whose words are ready. `stored`: what an earlier try printed of it."""

    message_id: UUID
    recipient: PostalAddress
    letter: FilledLetter
    stored: MessageLetter | None = None


class Ready(NamedTuple):
    """A letter ready to be handed over, and what is stored of it."""

    outgoing: OutgoingLetter
    row: MessageLetter


@dataclass(frozen=True, slots=True)
class Press:
    """What letters of a shop are printed with. `window`: that of the envelopes."""

    shop: Shop
    letterhead: Letterhead
    window: Window
    now: datetime

    @property
    def today(self) -> date:
        """The day in the shop."""
        return self.now.astimezone(ZoneInfo(self.shop.timezone)).date()


# No letter can be made of it: there is no such address, or it can't be printed at all.
Trouble = BadAddress | Refused


def window_for(shop: Shop, channel: Channel[OutgoingLetter]) -> Window | None:
    """Through which window letters show their address; None: the channel reaches nobody."""
    if not channel.is_real:
        return None
    return channel.window if isinstance(channel, HasWindow) else window_of(shop.country)


def look(press: Press, draft: Draft) -> list[bytes]:
    """The pages of one letter as PNG. Raises BadAddress, NoGlyph, CannotSet."""
    return look_at(_sheet(press, draft), stationery_of(press, [draft.letter]))


def spots(press: Press, draft: Draft) -> list[Spot]:
    """Where the blocks of one letter begin. Raises BadAddress, NoGlyph, CannotSet."""
    return find_spots(_sheet(press, draft), stationery_of(press, [draft.letter]))


def stored_letters(shop_id: int, message_ids: Sequence[UUID]) -> dict[UUID, MessageLetter]:
    """What was printed of letters before, by message."""
    found = MessageLetter.objects.filter(shop_id=shop_id, id__in=message_ids)
    return {row.id: row for row in found}


def stored_words(stored: MessageLetter | None, words: Rendered) -> FilledLetter:
    """What an earlier try said; of one that reached nobody, for nothing was printed, its text."""
    if stored is not None:
        return msgspec.convert(stored.content, FilledLetter)
    paragraphs = tuple(one for one in words.text.split("\n\n") if one.strip())
    return FilledLetter(words.subject, "en", (Text(paragraphs),))


def print_drafts(press: Press, drafts: Sequence[Draft]) -> list[Ready | Trouble]:
    """Each of `drafts` set on paper, or what stands in the way, in order."""
    found: list[Ready | Trouble | None] = [None] * len(drafts)
    sheets: dict[int, Sheet] = {}
    for number, draft in enumerate(drafts):
        try:
            sheets[number] = _sheet(press, draft)
        except BadAddress as bad:
            found[number] = bad
        except NoGlyph as missing:
            found[number] = _refused(missing)
    stationery = stationery_of(press, [sheet.letter for sheet in sheets.values()])
    printed = _print(list(sheets.values()), stationery)
    for (number, sheet), done in zip(sheets.items(), printed, strict=True):
        draft = drafts[number]
        found[number] = done if isinstance(done, Refused) else _ready(press, draft, sheet, done)
    return [one for one in found if one is not None]


def _print(sheets: Sequence[Sheet], stationery: Stationery) -> list[SetLetter | Refused]:
    """All at once; where that fails, one by one, so that a single letter does not hold the rest."""
    try:
        return list(set_letters(sheets, stationery))
    except (NoGlyph, CannotSet) as trouble:
        if len(sheets) == 1:
            return [_refused(trouble)]
        return [done for sheet in sheets for done in _print([sheet], stationery)]


def _sheet(press: Press, draft: Draft) -> Sheet:
    window, code = press.window, press.letterhead.letter_code(press.shop.id, draft.message_id)
    lines = address_lines(
        draft.recipient,
        origin=press.shop.country,
        width_mm=window.address.width,
        room=int(window.address.height // LINE_MM),
    )
    day = press.today
    if draft.stored is not None:
        lines, day = tuple(draft.stored.address_lines), draft.stored.dated_on
    sheet = Sheet(draft.letter, lines, _dated(day, draft.letter.language), code)
    check_glyphs((*draft.letter.strings, *lines, sheet.date))
    return sheet


def _dated(day: date, language: str) -> str:
    return format_date(day, "long", locale=locale_of(language))


def _ready(press: Press, draft: Draft, sheet: Sheet, printed: SetLetter) -> Ready:
    row = draft.stored or MessageLetter(
        shop_id=press.shop.id,
        id=draft.message_id,
        content=msgspec.to_builtins(sheet.letter),
        address_lines=list(sheet.to),
        dated_on=press.today,
        code=sheet.code,
    )
    row.pages = printed.pages
    outgoing = OutgoingLetter(
        idempotency_key=press.letterhead.message_key(press.shop.id, draft.message_id),
        recipient=draft.recipient,
        address_lines=sheet.to,
        subject=sheet.letter.subject,
        text=sheet.letter.text,
        language=sheet.letter.language,
        code=sheet.code,
        pages=printed.pages,
        pdf=printed.pdf,
    )
    return Ready(outgoing, row)


def stationery_of(press: Press, letters: Sequence[FilledLetter]) -> Stationery:
    """What all letters of a shop share, with the pictures that `letters` ask for."""
    brand = look_of(press.shop.id).brand
    wanted = {LOGO, BACKGROUND}.union(*(letter.pictures for letter in letters))
    pictures = find_pictures(press.shop.id, wanted | {brand.logo} - {""})
    lines = (press.shop.name, *press.shop.address.splitlines())
    of_the_brand = pictures.get(brand.logo)
    return Stationery(
        press.window,
        tuple(filter(None, map(clean, lines))),
        # One kept for letters alone goes first: it may be made for paper.
        logo=pictures.pop(LOGO, of_the_brand),
        background=pictures.pop(BACKGROUND, None),
        pictures=pictures,
        accent=ink_of(brand),
        has_serifs=brand.text_face in SERIFS,
    )


def store(rows: Sequence[MessageLetter]) -> None:
    """Keep what is about to be printed; what was kept of an earlier draft gives way."""
    MessageLetter.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["shop", "id"],
        update_fields=["content", "address_lines", "dated_on", "code", "pages"],
    )


def _refused(trouble: Exception) -> Refused:
    return Refused(
        permanent=True,
        kind=RefusalKind.OTHER,
        detail=say("can't be printed: {trouble}", trouble=said_by(trouble)),
    )
