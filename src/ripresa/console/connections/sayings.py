"""What connectors and tests say, in the reader's language; what nobody here can say stays as it came."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from ripresa.contracts.calling.sayings import Saying, remade
from ripresa.domain.connections.models import BackFill, Connection
from ripresa.usecases.templates.try_sms import NotPossible
from ripresa.usecases.trials.try_text import MOST_PER_HOUR


class Told(NamedTuple):
    """A sentence to show. `is_foreign`: it is in English whatever the page is in."""

    text: str
    is_foreign: bool


def told_now(text: str) -> Told:
    """`text` in the language of the page, if it is a Saying."""
    if not isinstance(text, Saying):
        return Told(text, is_foreign=True)
    facts = {name: told_now(one).text for name, one in text.facts.items()}
    return Told(gettext(text.pattern).format_map(facts), is_foreign=False)


def told(text: str, said: Mapping[str, Any]) -> Told:
    """The same for what was kept, with `said` of it (calling.sayings.kept)."""
    return told_now(remade(text, said))


def said_of(connection: Connection) -> Mapping[str, Any]:
    """Of what all that is said about a connection is made."""
    return {**connection.standing.get("said", {}), **connection.said}


def trouble_of(filling: BackFill) -> Told:
    """Why a history does not get on."""
    return told(filling.trouble, filling.said)


def why_no_test(wrong: NotPossible) -> str:
    """What stands against a test, and what to do about it."""
    words = {
        "address": _("Choose an address of somebody who works for this shop."),
        "number": _("A number looks like +393331234567."),
        "suppressed": _("Who has that address or number wants nothing more. Not even a test goes there."),
        "stopped": _("All sending is stopped. Start it again first."),
        "no_sender": _("The shop has no sender yet. Add one in the settings."),
        "unfinished": _("This text is not finished in this language, or needs a coupon."),
        "rate": _("%(count)s tests were sent within an hour. Wait a little.")
        % {"count": MOST_PER_HOUR},
    }  # fmt: skip
    return words.get(wrong.kind) or str(wrong)
