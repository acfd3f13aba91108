"""A channel that takes everything over and sends nothing: what a simulation hands its mails to."""

from collections.abc import Sequence
from datetime import timedelta

from ripresa.contracts.channel import Accepted, Fate, OutgoingEmail


class RecordingChannel:
    """Accepts every mail. What was handed over stands in the trail; nothing is kept here."""

    name = "recording"
    in_flight = 500

    def send(self, batch: Sequence[OutgoingEmail], *, timeout: timedelta) -> list[Fate]:  # noqa: ARG002
        """Accept all of `batch`."""
        return [Accepted("simulated") for _ in batch]

    def close(self) -> None:
        """Nothing is kept open."""
