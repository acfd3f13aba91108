"""Row ids: UUIDv7, made in the program, so that ids sort by time and a month is a range of ids."""

import secrets
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """A UUIDv7 of `now` (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (random >> 62) << 64
    value |= 0b10 << 62 | (random & ((1 << 62) - 1))
    return UUID(int=value)
