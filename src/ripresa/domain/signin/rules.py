"""How long a name or an address pauses after failures. Pure."""

from datetime import timedelta

# So many may fail before the first pause: people mistype, and behind one address there may be an office.
FREE_OF_NAME = 5
FREE_OF_ADDRESS = 20
LONGEST_PAUSE = timedelta(hours=1)
# Failures that old count no more.
FORGOTTEN_AFTER = timedelta(days=1)


def pause_after(failures: int, free: int) -> timedelta | None:
    """The pause that the latest of `failures` brings: a minute, then twice as long each time."""
    if failures < free:
        return None
    doubled: int = 2 ** min(failures - free, 10)
    return min(timedelta(minutes=doubled), LONGEST_PAUSE)
