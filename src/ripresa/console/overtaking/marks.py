"""Two tabs at one thing: whoever saves what has changed since she looked is asked, and loses nothing.

A page carries, in the field `seen`, a mark of what it was shown from. What is saved from a page with
another mark than the stored one is held: she sees what differs, and takes hers or theirs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2s
from typing import Any

from ripresa.console.layout.request import ConsoleRequest

SEEN = "seen"
_MOST = 20
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two texts differ: what is stored, and what would be; "" says nothing.

    Both in words for people. `field`: the id of its input, where it has one; `name`: what it is called there.
    """

    theirs: str
    hers: str
    field: str = ""
    name: str = ""

    @property
    def is_of_colours(self) -> bool:
        """Whether it is seen sooner than read."""
        said = [each for each in (self.theirs, self.hers) if each]
        return bool(said) and all(map(_COLOUR.fullmatch, said))


def mark(*state: object) -> str:
    """A short mark of a state: another one as soon as anything of it changes."""
    return blake2s(repr(state).encode(), digest_size=8).hexdigest()


def is_overtaken(request: ConsoleRequest, marked: str) -> bool:
    """Whether the page that posts was shown before what is `marked` now; one without a mark never is.

    Who has seen what differs says so in the address: `?seen=` with the mark of what she saves over.
    """
    seen = request.POST.get(SEEN, "")
    return bool(seen) and marked not in {seen, request.GET.get(SEEN)}


def seen_of(request: ConsoleRequest) -> str:
    """The mark that the page came with, to be shown again as long as nothing is decided."""
    return request.POST.get(SEEN, "")[:100]


def asked(request: ConsoleRequest, found: list[Difference], marked: str) -> dict[str, Any]:
    """What a page whose state is `marked` now shows, with status 409, in place of saving: `found` differ."""
    return {"meanwhile": {"differences": found, "mark": marked}, "seen": seen_of(request)}


def differences(theirs: str, hers: str) -> list[Difference]:
    """The lines in which two texts differ, side by side; at most twenty places."""
    return list(_places(theirs.splitlines(), hers.splitlines()))[:_MOST]


def _places(theirs: list[str], hers: list[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, theirs, hers, autojunk=False)
    for kind, at, until, place, end in matcher.get_opcodes():
        if kind != "equal":
            yield Difference(_said(theirs[at:until]), _said(hers[place:end]))


def _said(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines if line.strip())
