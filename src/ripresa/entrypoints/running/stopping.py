"""Being asked to end: SIGTERM from a service manager, SIGINT from a terminal, SIGHUP when it closes."""

import signal


class Stopping:
    """Counts the requests to end since it was made; call it to know whether there was one."""

    def __init__(self) -> None:
        """Takes the three signals over, for the rest of this process."""
        self.requests = 0
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # A handler may run at any instruction, so it does the one thing that is always safe.
            signal.signal(number, self._count)

    def __call__(self) -> bool:
        """Whether the end was asked for."""
        return self.requests > 0

    def _count(self, *_: object) -> None:
        self.requests += 1
