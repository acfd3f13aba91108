"""What one mail service has of its own; everything else is the same for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ripresa.contracts.feedback import BounceReason, HookRequest
from ripresa.contracts.provider import Setting

Settings = Mapping[str, str]
# What every service can be told.
COMMON = (
    Setting("connections", "how many mails are handed over at the same time", default="8"),
    Setting("rate", "mails a second at most, evenly spread; 0: no bound", default="0"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a service says of a bounce in words of its own. None: it does not say.

    `is_hard`: the mailbox will never take a mail, says the service.
    """

    is_hard: bool | None = None
    reason: BounceReason | None = None


def _tells_nothing(event: Any) -> Told:
    del event
    return Told()


def _needs_nothing(request: HookRequest, settings: Settings) -> None:
    del request, settings


def _has_no_options(settings: Settings) -> dict[str, Any]:
    del settings
    return {}


@dataclass(frozen=True, slots=True)
class Service:
    """A mail service. `backend`, `tracking` and `inbound` are dotted names of anymail's classes.

    `backend_options` and `hook_options` make their keyword arguments of the settings. `signed_by` is
    the setting without which no call is believed. `admit` is what has to be asked of a call before
    anymail reads it; raises HookRefused. `bounce` reads an event of anymail's. `can_leave_links`: the
    service can be told not to rewrite links and count opens. `refuses_headers` are those it takes from
    nobody, in lower case; `takes_whole_mails`: it is given MIME, and so a date; `keeps_metadata`: our key
    comes back with what it tells.
    """

    name: str
    label: str
    settings: tuple[Setting, ...]
    backend: str
    backend_options: Callable[[Settings], dict[str, Any]]
    tracking: str | None = None
    inbound: str | None = None
    hook_options: Callable[[Settings], dict[str, Any]] = _has_no_options
    signed_by: str | None = None
    admit: Callable[[HookRequest, Settings], None] = _needs_nothing
    bounce: Callable[[Any], Told] = _tells_nothing
    can_leave_links: bool = False
    takes_whole_mails: bool = False
    keeps_metadata: bool = True
    refuses_headers: frozenset[str] = field(default_factory=frozenset)
