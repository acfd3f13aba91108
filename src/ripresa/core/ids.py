"""Row ids: UUIDv7, made in the program, so that ids sort by time and a month is a range of ids."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """A UUIDv7 of `now` (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    random = secrets.randbits(74)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (random >> 62) << 64
    value |= 0b10 << 62 | (random & ((1 << 62) - 1))
    return UUID(int=value)


def first_id(at: datetime) -> UUID:
    """What is less than every UUIDv7 of `at`, and more than all of the millisecond before.

    Before 1970 there is none: the least of all.
    """
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


def ids_in_order(now: datetime) -> Iterator[UUID]:
    """UUIDv7s of `now` that grow: rows keep the order in which they were made (RFC 9562, section 6.2).

    They count up from a random number; for a million at once, not for secrets.
    """
    # The highest random bit stays free, so that counting never reaches the variant's bits.
    begin = new_id(now).int & ~(1 << 61)
    return (UUID(int=value) for value in count(begin))
