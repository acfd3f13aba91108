"""What a call that failed, or was never made, means for its message."""

from ripresa.contracts.calling.sayings import said_by
from ripresa.contracts.channel import Fate, RefusalKind, Refused, Unknown
from ripresa.core.http.client import NoAnswer, NotAsked


def passing(detail: str) -> Refused:
    """The fate of a message that met a trouble which may be gone in a minute."""
    return Refused(permanent=False, kind=RefusalKind.OTHER, detail=detail)


def lasting(detail: str) -> Refused:
    """The fate of a message where nothing gets through until someone mends settings or account."""
    return Refused(permanent=False, kind=RefusalKind.POLICY, detail=detail)


def impossible(detail: str) -> Refused:
    """The fate of a message that nobody can ever send."""
    return Refused(permanent=True, kind=RefusalKind.OTHER, detail=detail)


def fate_of_trouble(trouble: NotAsked | NoAnswer, *, is_idempotent: bool) -> Fate:
    """What a call without an answer means for its message.

    A provider that knows a repeated key for what it is may simply be asked again.
    """
    said = said_by(trouble)
    if isinstance(trouble, NotAsked):
        return lasting(said) if trouble.needs_mending else passing(said)
    return passing(said) if is_idempotent else Unknown(said)
