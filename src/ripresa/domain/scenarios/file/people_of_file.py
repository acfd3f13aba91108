"""Whom a scenario file is for, in which languages, and from whom."""

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import Value, given, nearest
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.file.words_of_file import read_language, read_name_of
from ripresa.domain.scenarios.plan import Audience, Customers, SenderName
from ripresa.domain.scenarios.senders import is_address

_CUSTOMERS: tuple[Customers, ...] = ("all", "new", "inactive")
_MODES = ("single", "multi")


def read_audience(value: Value, around: Surroundings) -> Audience:
    """Customers of a kind, and of a segment."""
    found = value.entries(("customers", "inactive_for", "segment"))
    return Audience(
        customers=given(found, "customers", lambda one: one.choice(_CUSTOMERS), "all"),
        inactive_for=given(found, "inactive_for", Value.duration, None),
        segment=given(
            found, "segment", lambda one: read_name_of(one, "segment", around.segments), None
        ),
    )


def read_languages(value: Value, around: Surroundings) -> tuple[str, ...] | None:
    """All languages, the one to fall back on first."""
    found = value.entries(("mode", "default", "list"))
    read = [read_language(one) for one in found["list"].items()] if "list" in found else []
    listed = [one for one in read if one is not None]
    if len(set(listed)) != len(listed):
        found["list"].fail(say("names a language twice"))
    several = "multi" if len(listed) > 1 else "single"
    mode = given(found, "mode", lambda one: one.choice(_MODES), several)
    if mode == "single" and len(listed) > 1:
        found["list"].fail(
            say("names {count} languages; write mode: multi for that", count=len(listed))
        )
    if mode == "multi" and not listed and "list" not in found:
        value.fail(say("is multi and has no list of languages"))
    default = _read_default(value, found, listed, around)
    if default is None:
        return None
    return (default, *(one for one in dict.fromkeys(listed) if one != default))


def _read_default(
    value: Value, found: dict[str, Value], listed: list[str], around: Surroundings
) -> str | None:
    """The language to fall back on: named, the only one, or the shop's own."""
    if "default" in found:
        default = read_language(found["default"])
        if default is not None and listed and default not in listed:
            found["default"].fail(say("must be one of languages.list"))
        return default
    if len(listed) == 1:
        return listed[0]
    if around.language in listed:
        return around.language
    if listed or "list" not in found:
        value.fail(say("names no default; write default: it"))
    return None


def read_sender(value: Value, around: Surroundings) -> SenderName | None:
    """Who mails come from: written out, or a stored sender by its address or name."""
    if not value.is_mapping:
        stored = read_stored_sender(value, around)
        return None if stored is None else SenderName("", "", stored=stored)
    found = value.entries(("name", "email", "reply_to"))
    if "email" not in found:
        value.fail(say("has no {key}", key="email"))
    return SenderName(
        name=given(found, "name", Value.text, ""),
        email=given(found, "email", _read_address, ""),
        reply_to=given(found, "reply_to", _read_address, ""),
    )


def read_stored_sender(value: Value, around: Surroundings) -> str | None:
    """The word for a stored sender."""
    word = value.text()
    if word is None or around.senders is None or word.strip().lower() in around.senders:
        return word
    value.fail(
        say(
            "there is no stored sender {word!r}; {hint}",
            word=word,
            hint=nearest(word, sorted(around.senders)),
        )
    )
    return None


def _read_address(value: Value) -> str | None:
    text = value.text()
    if text is not None and not is_address(text):
        value.fail(say("{text!r} is no e-mail address", text=text))
        return None
    return text
