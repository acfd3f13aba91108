"""The crew: processes of ours that run together, are started again when one dies, and end together."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

# How long a role that died rests before it starts again: twice as long each time, at once anew after
# it has lived for a while.
FIRST_REST = 0.5
LONGEST_REST = 30.0
_LIVED_WELL_SECONDS = 60.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Role:
    """One process to be. `command` is a command of ours; it may take `patience` seconds to end."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    patience: float = 30.0


@dataclass(slots=True)
class _Member:
    role: Role
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    rests_until: float = 0.0
    deadline: float = 0.0

    def start(self, output: int | None) -> None:
        # Standard input is the lifeline: when this process ends, however it ends, it closes. In a
        # session of its own, so that a terminal's Ctrl-C asks us alone and the order is ours.
        self.process = subprocess.Popen(  # noqa: S603
            (sys.executable, "-P", "-m", "ripresa.entrypoints", *self.role.command, "--lifeline"),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=dict(self.role.env),
            start_new_session=True,
        )
        self.started = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.deadline = time.monotonic() + self.role.patience

    def is_out_of_time(self) -> bool:
        return time.monotonic() > self.deadline

    def end(self) -> None:
        """End it without asking, if it has not ended, and let go of it."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process = None


@dataclass(slots=True)
class Crew:
    """Processes in the order in which they are started and ended.

    `report` hears what happens; `output` is a descriptor for what they say, else it is said here.
    """

    report: Callable[[str], None]
    output: int | None = None
    _members: list[_Member] = field(default_factory=list)

    def start(self, roles: Sequence[Role]) -> None:
        """Start a process for each of `roles`."""
        for role in roles:
            member = _Member(role)
            self._members.append(member)
            member.start(self.output)

    def pids(self) -> dict[str, int]:
        """The living processes by role."""
        return {m.role.name: m.process.pid for m in self._members if m.process is not None}

    def tend(self) -> None:
        """Start again whoever died, after a rest; to be called a few times a second."""
        now = time.monotonic()
        for member in self._members:
            if member.process is None:
                if now >= member.rests_until:
                    member.start(self.output)
            elif (code := member.process.poll()) is not None:
                self._lay_to_rest(member, code, now)

    def end(self, *, in_a_hurry: Callable[[], bool] = lambda: False) -> None:
        """Ask all to end, in order, those of one command together; who does not end is killed.

        Nobody is waited for once we are `in_a_hurry`.
        """
        for _, group in groupby(self._members, key=lambda member: member.role.command):
            living = [member for member in group if member.process is not None]
            for member in living:
                member.ask_to_end()
            for member in living:
                while not member.has_ended() and not member.is_out_of_time() and not in_a_hurry():
                    time.sleep(_POLL_SECONDS)
                if not member.has_ended():
                    self.report(f"{member.role.name} does not end: killed.")
                member.end()
        self._members.clear()

    def _lay_to_rest(self, member: _Member, code: int, now: float) -> None:
        if now - member.started > _LIVED_WELL_SECONDS:
            member.deaths = 0
        rest = min(FIRST_REST * 2**member.deaths, LONGEST_REST)
        member.deaths += 1
        member.rests_until = now + rest
        member.end()
        self.report(f"{member.role.name} ended ({_cause(code)}): starting it again in {rest:g} s.")


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
