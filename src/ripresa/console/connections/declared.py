"""Forms out of what a connector declares: which fields, under which way in, what is wrong with them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.connections.words import FIELDS, FieldWords, Text
from ripresa.console.layout.typed import line
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.connector import Connector
from ripresa.core.http.signing import new_standard_secret
from ripresa.domain.connections.models import Connection

NAME = "name"


class Way(NamedTuple):
    """One way into a platform that has several: which settings it needs, and which it decides itself."""

    code: str
    title: Text
    about: Text
    needs: tuple[str, ...]
    decides: Mapping[str, str]
    # The shop calls us back: it takes an https address of ours.
    wants_https: bool = False


_USUAL = Way("", "", "", (), {})
WAYS: Mapping[str, tuple[Way, ...]] = {
    "shopify": (
        Way(
            "client_credentials",
            gettext_lazy("An app of your own organisation"),
            gettext_lazy(
                "The usual way since 2026: make an app in Shopify’s Dev Dashboard, allow it protected "
                "customer data, install it in your shop, and copy two values here."
            ),
            ("shop", "client_id", "client_secret"),
            {"auth": "client_credentials", "access_token": ""},
        ),
        Way(
            "oauth",
            gettext_lazy("An app that is installed (OAuth)"),
            gettext_lazy(
                "For an app in shops of other organisations: Shopify asks you to agree, and sends you back."
            ),
            ("shop", "client_id", "client_secret"),
            {"auth": "oauth", "access_token": ""},
        ),
        Way(
            "token",
            gettext_lazy("A token from the admin"),
            gettext_lazy("An app made in the shop’s admin before 2026 has one that never ends."),
            ("shop", "access_token", "client_secret"),
            {"auth": "token", "client_id": ""},
        ),
    ),
    "woocommerce": (
        Way(
            "by_hand",
            gettext_lazy("A key made by hand"),
            gettext_lazy("Make a REST key in WooCommerce and copy its two parts here."),
            ("url", "consumer_key", "consumer_secret", "webhook_secret"),
            {},
        ),
        Way(
            "handed_over",
            gettext_lazy("The shop hands a key over"),
            gettext_lazy(
                "You log in to the shop, agree there, and it sends Ripresa a key by itself."
            ),
            ("url", "webhook_secret"),
            {"consumer_key": "", "consumer_secret": ""},
            wants_https=True,
        ),
    ),
}


def _url_safe() -> str:
    return secrets.token_urlsafe(24)


# Secrets that somebody has to think up: we do.
_MADE = {
    ("woocommerce", "webhook_secret"): _url_safe,
    ("medusa", "webhook_secret"): new_standard_secret,
}


@dataclass(slots=True)
class Field:
    """One field of the form. `is_kept`: a secret that is there and stays unless something is typed."""

    name: str
    words: FieldWords
    value: str = ""
    is_secret: bool = False
    is_needed: bool = False
    is_kept: bool = False
    problem: str = ""

    @property
    def id(self) -> str:
        """The id of its input."""
        return f"f-{self.name}"


@dataclass(slots=True)
class Form:
    """The fields one sees, those behind "more", what is wrong with the whole, what is not asked."""

    way: Way
    fields: list[Field] = field(default_factory=list)
    more: list[Field] = field(default_factory=list)
    problem: str = ""
    decided: Mapping[str, str] = field(default_factory=dict)

    @property
    def every(self) -> list[Field]:
        """All of them."""
        return [*self.fields, *self.more]

    @property
    def has_problems(self) -> bool:
        """Whether it has to be shown again."""
        return bool(self.problem) or any(one.problem for one in self.every)

    @property
    def is_more_open(self) -> bool:
        """Whether something behind "more" is wrong."""
        return any(one.problem for one in self.more)


def ways_into(connector: Connector, *, is_https: bool) -> list[Way]:
    """The ways into a platform from here."""
    ways = WAYS.get(connector.name, (_USUAL,))
    return [one for one in ways if is_https or not one.wants_https]


def way_named(connector: Connector, code: str, *, is_https: bool = True) -> Way:
    """The way of that name; the first one for a name that is none."""
    ways = ways_into(connector, is_https=is_https)
    return next((one for one in ways if one.code == code), ways[0])


def way_of(connector: Connector, connection: Connection) -> Way:
    """The way a connection came in by."""
    code = connection.settings.get("auth", "")
    if connector.name == "shopify" and not code:
        code = "client_credentials" if connection.settings.get("client_id") else "token"
    return way_named(connector, code)


def new_form(connector: Connector, way: Way, currency: str) -> Form:
    """An empty form, with secrets made up where nobody has one yet."""
    form = _laid_out(connector, way)
    form.decided = way.decides
    for one in form.every:
        make = _MADE.get((connector.name, one.name))
        if make is not None:
            one.value, one.is_secret = make(), False
        elif one.name == "currency":
            one.value = currency
    return form


def kept_form(connector: Connector, connection: Connection) -> Form:
    """The form with what a connection was told; of its secrets only that they are there."""
    form = _laid_out(connector, way_of(connector, connection))
    for one in form.every:
        if one.is_secret:
            one.is_kept, one.is_needed = True, False
        else:
            one.value = connection.settings.get(one.name, one.value)
    return form


def read(form: Form, post: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by setting; marks in `form` what is missing. A secret left empty is left out."""
    given = dict(form.decided)
    for one in form.every:
        typed = cleaned_value(post.get(one.name))
        if one.words.choices and typed not in one.words.choices:
            typed = one.value
        if not one.is_secret:
            one.value = typed
        if typed or not one.is_secret:
            given[one.name] = typed
        if one.is_needed and not typed:
            one.problem = _("This is needed.")
    return given


def cleaned_value(text: str | None) -> str:
    """A value as it was pasted, without blanks around it."""
    return "".join(each for each in (text or "")[:2000] if each.isprintable()).strip()


def free_name(wanted: str, platform: str, taken: set[str]) -> str:
    """What to call a new connection: as wanted, else after its platform, with a number if need be."""
    if name := line(wanted):
        return name
    number = 1
    name = platform
    while name in taken:
        number += 1
        name = f"{platform}-{number}"
    return name


def _laid_out(connector: Connector, way: Way) -> Form:
    form = Form(way)
    for setting in connector.settings:
        if setting.name in way.decides:
            continue
        one = _field(connector, setting)
        is_first = setting.name in way.needs if way.needs else _is_first(connector, setting)
        one.is_needed = setting.default is None or setting.name in way.needs
        (form.fields if is_first else form.more).append(one)
    if way.needs:
        form.fields.sort(key=lambda one: way.needs.index(one.name))
    return form


# Beside what must be given: what makes a shop worth connecting.
_FIRST = {"medusa": {"url", "secret_key", "publishable_key", "storefront"}, "billbee": {"shops"}}


def _is_first(connector: Connector, setting: Setting) -> bool:
    return setting.default is None or setting.name in _FIRST.get(connector.name, ())


def _field(connector: Connector, setting: Setting) -> Field:
    known = FIELDS.get((connector.name, setting.name))
    words = known or FieldWords(setting.name.replace("_", " "), setting.help)
    return Field(setting.name, words, setting.default or "", is_secret=setting.is_secret)
