"""The form of the pop-up: between its settings and what a person types."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.typed import fitting
from ripresa.console.settings.fields import Field, Form, typed_whole
from ripresa.console.settings.saving import Words
from ripresa.domain.shops.models import Shop
from ripresa.usecases.popup.settings import Popup, shipped_words

# Each with whether it is more than a line.
WORDS: Mapping[str, tuple[Promise | str, bool]] = {
    "title": (gettext_lazy("Title"), False),
    "text": (gettext_lazy("Text"), True),
    "email": (gettext_lazy("Label of the e-mail address"), False),
    "phone": (gettext_lazy("Label of the phone number"), False),
    "consent_email": (gettext_lazy("What one agrees to, by e-mail"), True),
    "consent_sms": (gettext_lazy("What one agrees to, by SMS"), True),
    "button": (gettext_lazy("Button"), False),
    "thanks": (gettext_lazy("Thanks"), True),
    "privacy": (gettext_lazy("Name of the privacy policy"), False),
    "privacy_url": (gettext_lazy("Address of the privacy policy"), False),
    "close": (gettext_lazy("Name of the button that closes it"), False),
    "wrong_email": (gettext_lazy("When the address is wrong"), False),
    "wrong_phone": (gettext_lazy("When the number is wrong"), False),
    "wrong_consent": (gettext_lazy("When the box is not ticked"), False),
}
FIRST = ("title", "text", "consent_email", "consent_sms", "button", "thanks", "privacy_url")
COLOURS: Mapping[str, Promise | str] = {
    "background": gettext_lazy("Background"),
    "text": gettext_lazy("Text"),
    "button": gettext_lazy("Button"),
    "button_text": gettext_lazy("Text of the button"),
}
SWITCHES = ("enabled", "ask_phone", "only_these")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_LONGEST = 2000
# A number that has to be there, and what is shown where none is typed.
_NOT_A_NUMBER = -1


def language_of(popup: Popup, asked: str, shop: Shop) -> str:
    """The language whose words are shown: the one asked for, else the shop's own, else English."""
    if asked and _LANGUAGE.fullmatch(asked):
        return asked
    return shop.language if shop.language in spoken(popup) else "en"


def spoken(popup: Popup) -> dict[str, str]:
    """The languages there are words in, by code, as they call themselves."""
    return {code: ENDONYMS.get(code, code) for code in sorted({*shipped_words(), *popup.words})}


def form_of(popup: Popup, language: str) -> Form:
    """The form as the pop-up is set; of the words, the shop's own."""
    form, plain = Form(), msgspec.to_builtins(popup)
    show = plain["show"]
    form.show("after_seconds", show["after_seconds"])
    form.show("after_scroll_percent", show["after_scroll_percent"])
    form.show("after_pages", show["after_pages"])
    form.show("again_after_days", plain["again_after_days"])
    form.show("default_language", plain["default_language"])
    for name in COLOURS:
        form.show(f"colour_{name}", plain["colours"][name])
    own = plain["words"].get(language, {})
    for name in WORDS:
        form.show(f"word_{name}", own.get(name))
    return form


def words_of(popup: Popup) -> dict[str, Words]:
    """What the fields are called whose values alone say little."""
    return {
        "default_language": (_("Who speaks none of these reads"), spoken(popup)),
        **{f"colour_{name}": (title, {}) for name, title in COLOURS.items()},
        **{f"word_{name}": (title, {}) for name, (title, _is_long) in WORDS.items()},
    }


def shipped_in(language: str, shop: Shop) -> dict[str, str]:
    """What it says in a language where the shop says nothing else."""
    return {
        name: text.format(shop=shop.name)
        for name, text in shipped_words().get(language, {}).items()
    }


def said_by(post: Mapping[str, str], before: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the typed form says, over what was said before: words of other languages stay."""
    words = dict(before.get("words", {}))
    typed = {
        name: text
        for name in WORDS
        if (text := _text(post.get(f"word_{name}"), lines=WORDS[name][1]))
    }
    words.pop(language, None)
    if typed:
        words[language] = typed
    return {
        **{name: post.get(name) == "yes" for name in SWITCHES},
        "show": {
            "on_exit": post.get("on_exit") == "yes",
            "after_seconds": _number(post, "after_seconds", None),
            "after_scroll_percent": _number(post, "after_scroll_percent", None),
            "after_pages": _number(post, "after_pages", 1),
        },
        "again_after_days": _number(post, "again_after_days", 30),
        "colours": {name: post.get(f"colour_{name}", "") for name in COLOURS},
        "default_language": post.get("default_language") or None,
        "words": words,
    }


def show_typed(form: Form, post: Mapping[str, str], wrong: str = "") -> None:
    """Show again what was typed, and at its field what is wrong. `wrong`: the words of BadPopup."""
    for name, field in form.items():
        field.value = _text(post.get(name), lines=True)
    if not wrong:
        return
    place, problem = _placed(wrong)
    field = form.setdefault(place, Field(place))
    field.problem = problem


def _placed(wrong: str) -> tuple[str, str]:
    """The field that is wrong, and what to do about it."""
    head = wrong.partition(" ")[0].rstrip(":")
    name = head.rpartition(".")[2]
    if head.startswith("words") and " lacks " in wrong:
        return "word_title", _("This language is not shipped: all of its words are needed.")
    told = {
        "privacy_url": _("A web address, like https://shop.example/privacy."),
        "default_language": _("There are no words in this language."),
        "only_these": _("Write words of your own in a language first."),
    }
    if head.startswith("colours."):
        return f"colour_{name}", _("People can’t read that: choose colours that differ more.")
    if head.startswith("show.") or head == "again_after_days":
        return name, _("A number that makes sense here.")
    place = "word_privacy_url" if name == "privacy_url" else name
    return (place, told[name]) if name in told else ("word_title", wrong)


def _number(post: Mapping[str, str], name: str, empty: int | None) -> int | None:
    if not post.get(name, "").strip():
        return empty
    typed = typed_whole(post, name)
    return _NOT_A_NUMBER if typed is None else typed


def _text(text: str | None, *, lines: bool) -> str:
    """What was typed, without what can't be printed; a passage keeps its lines."""
    kept = fitting(text or "", _LONGEST)
    clean = "".join(
        each if each.isprintable() or (lines and each == "\n") else " " for each in kept
    )
    return clean.strip()
