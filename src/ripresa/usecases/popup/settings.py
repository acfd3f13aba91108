"""What a shop's pop-up is set to; what is not said is as shipped."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Any

import msgspec
import phonenumbers
from django.db import transaction
from msgspec import Meta

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.plain_values import is_url
from ripresa.contracts.structural import invalid_of
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Shop

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Passage = Annotated[str, Meta(min_length=1, max_length=2000)]
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}").fullmatch
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*").fullmatch
# WCAG 2.2, 1.4.3: text against what is behind it.
LEAST_CONTRAST = 4.5
_WORDS_OF_CONSENT = ("consent_email", "consent_sms")


class BadPopup(ValueError):
    """The settings make no sense; the message names the field and what would."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field that there is not is refused, not ignored."""


class Show(_Part, frozen=True):
    """When it shows, at whatever comes first; None: not by this. `after_pages`: not before that many."""

    after_seconds: Annotated[int, Meta(ge=0, le=3600)] | None = None
    on_exit: bool = True
    after_scroll_percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    after_pages: Annotated[int, Meta(ge=1, le=100)] = 1


class Colours(_Part, frozen=True):
    """Each like #1a2b3c."""

    background: str = "#ffffff"
    text: str = "#1f2937"
    button: str = "#1d4ed8"
    button_text: str = "#ffffff"


class Words(_Part, frozen=True):
    """What it says in one language. None: as shipped, where that language is."""

    title: Line | None = None
    text: Passage | None = None
    email: Line | None = None
    phone: Line | None = None
    consent_email: Passage | None = None
    consent_sms: Passage | None = None
    button: Line | None = None
    thanks: Passage | None = None
    close: Line | None = None
    privacy: Line | None = None
    privacy_url: Annotated[str, Meta(max_length=2000)] | None = None
    wrong_email: Line | None = None
    wrong_phone: Line | None = None
    wrong_consent: Line | None = None


class Popup(_Part, frozen=True):
    """A shop's pop-up. `again_after_days`: how long it stays away from who has closed it.

    `words` by language; a language that is shipped need not be named to be spoken, unless `only_these`.
    """

    enabled: bool = False
    ask_phone: bool = False
    show: Show = Show()
    again_after_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    colours: Colours = Colours()
    default_language: str | None = None
    only_these: bool = False
    words: Mapping[str, Words] = {}


@lru_cache(maxsize=1)
def shipped_words() -> Mapping[str, Mapping[str, str]]:
    """The words that come with Ripresa, by language."""
    text = (files("ripresa.usecases.popup") / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def read_popup(said: Any) -> Popup:
    """Settings out of plain values. Raises BadPopup."""
    try:
        popup = msgspec.convert(said, Popup)
    except msgspec.ValidationError as wrong:
        found = invalid_of(wrong)
        raise BadPopup(str(wrong) if not found.field else f"{found.field}: {wrong}") from None
    colours = msgspec.to_builtins(popup.colours)
    for name, colour in colours.items():
        if not _COLOUR(colour):
            raise BadPopup(
                say("colours.{name} is like #1a2b3c, not {colour!r}", name=name, colour=colour[:20])
            )
    for front, back in (("text", "background"), ("button_text", "button")):
        if (found_ratio := contrast(colours[front], colours[back])) < LEAST_CONTRAST:
            raise BadPopup(
                say(
                    "colours.{front} on colours.{back} has a contrast of {contrast}: "
                    "people need {least} to read it",
                    front=front,
                    back=back,
                    contrast=f"{found_ratio:.1f}",
                    least=LEAST_CONTRAST,
                )
            )
    _check_words(popup)
    return popup


def _check_words(popup: Popup) -> None:
    shipped = shipped_words()
    for language, words in popup.words.items():
        if not _LANGUAGE(language):
            raise BadPopup(
                say(
                    "words: a language is like it or pt-br, not {language!r}",
                    language=language[:20],
                )
            )
        if words.privacy_url is not None and not is_url(words.privacy_url):
            raise BadPopup(
                say("words.{language}.privacy_url is an address like https://…", language=language)
            )
        lacking = [
            name
            for name in shipped["en"]
            if getattr(words, name) is None and language not in shipped
        ]
        if lacking:
            raise BadPopup(
                say(
                    "words.{language} lacks {known}: it is not shipped",
                    language=language,
                    known=", ".join(lacking),
                )
            )
    if popup.only_these and not popup.words:
        raise BadPopup(say("only_these: name the languages in words"))
    if popup.default_language is not None and popup.default_language not in _languages(popup):
        raise BadPopup(
            say(
                "default_language: there are no words in {language!r}",
                language=popup.default_language[:20],
            )
        )


def _languages(popup: Popup) -> list[str]:
    return sorted({*popup.words, *(() if popup.only_these else shipped_words())})


@transaction.atomic
def put_popup(*, shop: Shop, popup: Popup, now: datetime) -> None:
    """Let a shop have this pop-up; pages follow within a few minutes."""
    kept = {"said": msgspec.to_builtins(popup), "page": for_pages(popup, shop)}
    before = (shop.popup or {}).get("said", {})
    Shop.objects.filter(id=shop.id).update(popup=kept)
    write_down(
        shop_id=shop.id,
        action=Action.CHANGED,
        subject=Subject(About.POPUP),
        before=before,
        after=kept["said"],
        now=now,
    )
    shop.popup = kept


def find_popup(shop: Shop) -> Popup:
    """The pop-up of a shop; one that is switched off where nothing was said."""
    return read_popup((shop.popup or {}).get("said", {}))


def for_pages(popup: Popup, shop: Shop) -> dict[str, Any]:
    """The same as pages get it: all words there, each language with the version of what one agrees to."""
    spoken = _languages(popup)
    default = popup.default_language or next(
        (one for one in (shop.language, "en") if one in spoken), spoken[0]
    )
    code = phonenumbers.country_code_for_region(shop.country)
    rest = msgspec.to_builtins(popup)
    return {
        **{name: rest[name] for name in ("enabled", "ask_phone", "show", "colours")},
        "again_after_days": popup.again_after_days,
        "default_language": default,
        "calling_code": f"+{code}" if code else "",
        "keeps_zero": shop.country == "IT",
        "words": {language: _said(popup, language, shop) for language in spoken},
    }


def _said(popup: Popup, language: str, shop: Shop) -> dict[str, str]:
    own = msgspec.to_builtins(popup.words.get(language, Words()))
    said = {**shipped_words().get(language, {})}
    said |= {name: text for name, text in own.items() if text is not None}
    said = {
        name: text if name in own and own[name] is not None else text.format(shop=shop.name)
        for name, text in said.items()
    }
    return said | {"version": version_of(said)}


def version_of(said: Mapping[str, str]) -> str:
    """A name for what one agrees to: another wording has another one."""
    text = "\x1f".join(said.get(name, "") for name in _WORDS_OF_CONSENT)
    return f"popup-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21. WCAG 2.2, definition of contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
