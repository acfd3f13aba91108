"""Who is at work: a member, a key, the command line, or the program by itself.

Told once at the edge (a page, the API, a command), and read where something is written down about it: so
no use case carries a name through that it does not need. Each thread and each request has its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of hand it was."""

    MEMBER = "member"
    KEY = "key"
    COMMAND_LINE = "command_line"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose hand it was. `id`: the number of a user, the id of a key; else empty."""

    kind: ActorKind
    id: str = ""

    @property
    def user_id(self) -> int | None:
        """The user, where a member is at work; else None."""
        return int(self.id) if self.kind is ActorKind.MEMBER else None


PROGRAM = Actor(ActorKind.PROGRAM)
COMMAND_LINE = Actor(ActorKind.COMMAND_LINE)
_actor: ContextVar[Actor] = ContextVar("actor", default=PROGRAM)


def actor() -> Actor:
    """Who is at work here; the program, where no edge has said otherwise."""
    return _actor.get()


def member(user_id: int) -> Actor:
    """A person who is signed in."""
    return Actor(ActorKind.MEMBER, str(user_id))


def key(key_id: object) -> Actor:
    """Somebody's own program, by its key to the API."""
    return Actor(ActorKind.KEY, str(key_id))


def act_as(who: Actor) -> None:
    """From here on it is `who`, until the `acting_as` around it ends."""
    _actor.set(who)


@contextmanager
def acting_as(who: Actor) -> Iterator[None]:
    """What happens inside is done by `who`."""
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)
