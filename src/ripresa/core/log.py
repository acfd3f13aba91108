"""What our processes say about themselves, on standard error: for a person at a terminal, else JSON.

One line an event, from structlog and the standard library alike, with the process's role in it.
"""

import logging
import sys

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

# Libraries that tell of every start and request; what is wrong they say louder. Django calls each
# address that does not exist a warning.
_FROM_LEVEL = {
    "_granian": logging.ERROR,
    "asyncio": logging.WARNING,
    "django": logging.WARNING,
    "django.request": logging.ERROR,
    "mail.log": logging.WARNING,
    "psycopg.pool": logging.WARNING,
}


def keep_off_results() -> None:
    """Have commands log to standard error, plainly: standard output belongs to results."""
    if not structlog.is_configured():
        # Looked up anew each time: tests put another one in its place.
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def set_up(role: str) -> None:
    """Set logging up for this process; `role` (web, worker 1, …) stands in every line."""
    is_for_a_person = sys.stderr.isatty()
    before: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(
            fmt="%H:%M:%S" if is_for_a_person else "iso", utc=not is_for_a_person
        ),
        _naming(role),
    ]
    structlog.configure(
        processors=[
            *before,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        # Plain: the prettier traces show the values of variables, which are people's addresses.
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if is_for_a_person
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(capture=True)
    for name, level in _FROM_LEVEL.items():
        logging.getLogger(name).setLevel(level)


def _naming(role: str) -> Processor:
    def name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["role"] = role
        return event

    return name
