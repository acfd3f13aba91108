"""Links in mails to members: signed by this install, for one purpose, until an instant.

HMAC as `django.core.signing` makes it; what is said in one can be read by whoever has it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core import signing


class LinkIsOver(Exception):
    """The link was not made by us, was used, or is too old."""


def sign(purpose: str, said: Mapping[str, Any], *, until: datetime) -> str:
    """What stands in the link."""
    payload = {**said, "until": int(until.timestamp())}
    return signing.dumps(payload, salt=f"ripresa {purpose}")


def read(purpose: str, token: str, *, now: datetime) -> dict[str, Any]:
    """What the link says. Raises LinkIsOver."""
    try:
        said = signing.loads(token, salt=f"ripresa {purpose}")
    except signing.BadSignature:
        raise LinkIsOver from None
    if not isinstance(said, dict) or datetime.fromtimestamp(said["until"], UTC) <= now:
        raise LinkIsOver
    return said
