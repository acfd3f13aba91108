"""What follows from a call's answer: pure. By spec/standard-webhooks.md of standard-webhooks on GitHub."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

# Waits between the tries of one call: after the last it is given up, some three days after the first.
SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_TRIES = len(SCHEDULE) + 1
# So much longer or shorter a wait may be, so that what failed at once is not tried at once again.
JITTER = 0.1
# An endpoint at which nothing has arrived for so long, and which is still tried, is switched off.
FAILING_FOR = timedelta(days=3)
LONGEST_REST = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempted:
    """A call that was made. `status` None: nobody answered, `problem` says why."""

    milliseconds: int
    status: int | None = None
    problem: str = ""
    reply: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """It was taken."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It was not, and is told again after `wait`. `is_down`: the endpoint itself should rest."""

    wait: timedelta
    is_down: bool


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It was not, and was tried often enough."""

    is_down: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """The endpoint says that it wants to hear no more."""


Judgement = Arrived | TryAgain | GivenUp | Gone


def judge(attempted: Attempted, *, tries: int, chance: float) -> Judgement:
    """What follows from the `tries`-th try. `chance`, 0 to 1, spreads the waits. A redirect is a failure."""
    status = attempted.status
    if status is not None and status // 100 == HTTPStatus.OK // 100:
        return Arrived()
    if status == HTTPStatus.GONE:
        return Gone()
    is_down = (
        status is None
        or status == HTTPStatus.TOO_MANY_REQUESTS
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )
    if tries >= MOST_TRIES:
        return GivenUp(is_down)
    wait = SCHEDULE[tries - 1] * (1 + JITTER * (2 * chance - 1))
    if attempted.retry_after is not None:
        wait = max(wait, min(attempted.retry_after, LONGEST_WAIT))
    return TryAgain(wait, is_down)


def rest_after(failures: int, retry_after: timedelta | None = None) -> timedelta:
    """How long an endpoint that failed so many times in a row is left alone."""
    rest = min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_REST)
    return max(rest, min(retry_after or rest, LONGEST_WAIT))
