"""The form of a gateway: pairs with places to fill in, as one text.

`username={user}&to={recipient}&text={text}`: values are written in clear, without percent signs, and
encoded once they are filled in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingSms
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.sms.text import is_gsm

# Kannel user guide, "SMS push (HTTP)". A coding of 2 is UCS-2; mask 31 asks for every report.
KANNEL = (
    "username={user}&password={password}&from={sender}&to={recipient}&text={text}&charset=UTF-8"
    "&coding={coding}&dlr-mask=31&dlr-url={report_url}"
)
PLACES = frozenset(
    {
        *("user", "password", "sender", "recipient", "digits", "text", "coding", "key"),
        *("report_url", "language"),
    }
)
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Form:
    """A gateway's form, taken apart."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises BadSettings."""
        pairs = tuple(
            (name, value) for name, _, value in (pair.partition("=") for pair in text.split("&"))
        )
        places = {place for _, value in pairs for place in _PLACE.findall(value)}
        if unknown := sorted(places - PLACES):
            raise BadSettings(
                say(
                    "form: there is no {place}; there are: {known}",
                    place=f"{{{unknown[0]}}}",
                    known=", ".join(sorted(PLACES)),
                )
            )
        if not places & {"recipient", "digits"} or "text" not in places:
            raise BadSettings(say("form: it must have {{text}}, and {{recipient}} or {{digits}}"))
        return cls(pairs)

    def fill(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """The pairs, filled in. One whose only place is empty is left out."""
        return [
            (name, filled)
            for name, value in self.pairs
            if (filled := _PLACE.sub(lambda place: values[place[1]], value)) or not value
        ]


def values_of(sms: OutgoingSms, sender: str) -> dict[str, str]:
    """What a message has to fill in."""
    return {
        "sender": sender or sms.sender,
        "recipient": sms.recipient,
        "digits": sms.recipient.removeprefix("+"),
        "text": sms.text,
        "coding": "0" if is_gsm(sms.text) else "2",
        "key": sms.idempotency_key,
        "language": sms.language,
    }
