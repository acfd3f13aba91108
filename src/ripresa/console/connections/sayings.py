"""What connectors say, in the reader's language; what nobody here can say stays as it came, in English."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext

from ripresa.contracts.calling.sayings import kept
from ripresa.domain.connections.models import BackFill, Connection


class Told(NamedTuple):
    """A sentence to show. `is_foreign`: it is in English whatever the page is in."""

    text: str
    is_foreign: bool


def told(text: str, said: Mapping[str, Any]) -> Told:
    """`text` in the language of the page, where `said` (calling.sayings.kept) knows of what it is made."""
    made = said.get(text)
    if made is None:
        return Told(text, is_foreign=True)
    inner = made.get("said", {})
    facts = {name: told(one, inner).text for name, one in made["facts"].items()}
    pattern: str = made["pattern"]
    return Told(gettext(pattern).format_map(facts), is_foreign=False)


def told_now(text: str) -> Told:
    """The same for what was said just now, and kept nowhere."""
    return told(text, kept(text))


def said_of(connection: Connection) -> Mapping[str, Any]:
    """Of what all that is said about a connection is made."""
    return {**connection.standing.get("said", {}), **connection.said}


def trouble_of(filling: BackFill) -> Told:
    """Why a history does not get on."""
    return told(filling.trouble, filling.said)
