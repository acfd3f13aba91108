"""One recovery: the messages that are still to be decided, and when each is planned."""

from dataclasses import dataclass, field
from datetime import datetime

from .scenario_reading import Branch, Step


@dataclass
class Pending:
    """One message nobody has decided for good: a step to two channels has two."""

    step: Step
    place: int
    channel: str
    planned_at: datetime
    due_at: datetime


@dataclass
class Recovery:
    number: int
    token: str
    generation: int
    left_at: datetime
    taken_up_at: datetime
    branch: Branch | None = None  # None: it was refused before any branch was chosen
    pending: list[Pending] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)  # of all its steps

    @property
    def key(self) -> tuple[str, int]:
        return self.token, self.number

    def plan(self, branch: Branch) -> None:
        """One message for each step and channel; a notice is taken to leave when planned."""
        self.branch = branch
        previous = self.taken_up_at
        for place, step in enumerate(branch.steps):
            counted_from = {
                "left": self.left_at,
                "abandoned": self.taken_up_at,
                "previous": previous,
            }[step.counts_from]
            previous = max(counted_from + step.after, self.taken_up_at)
            self.planned.append(previous)
            for channel in step.channels:
                self.pending.append(Pending(step, place, channel, previous, previous))

    def count_on_from_notice(self, place: int, handed_over_at: datetime) -> None:
        """Steps that count from the one before follow a notice to where it was handed over."""
        steps = self.branch.steps if self.branch else ()
        previous = handed_over_at
        for later, step in list(enumerate(steps))[place + 1 :]:
            if step.counts_from != "previous":
                return
            previous += step.after
            self.planned[later] = previous
            for pending in self.pending:
                if pending.place == later:
                    pending.planned_at = pending.due_at = previous

    def notice_before(self, place: int) -> Pending | None:
        """The notice still unsent from which this step's time counts, through others perhaps."""
        steps = self.branch.steps if self.branch else ()
        while place and steps[place].counts_from == "previous":
            place -= 1
            for pending in self.pending:
                if pending.place == place and pending.step.is_notice:
                    return pending
        return None

    def is_overtaken(self, pending: Pending, now: datetime) -> bool:
        """A later step fell due after it, by now; one that waits for this notice does not count."""
        return any(
            pending.due_at < other.due_at <= now
            for other in self.pending
            if other.place > pending.place and self.notice_before(other.place) is not pending
        )
