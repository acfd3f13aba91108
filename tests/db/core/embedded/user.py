"""A process that uses the embedded database of argv[1], until its standard input closes.

Prints the address as soon as it has it; what is reported goes to standard error.
"""

import sys
from pathlib import Path

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.embedded.database import embedded_database


def report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


try:
    with embedded_database(Path(sys.argv[1]), report=report) as url:
        print(url, flush=True)
        sys.stdin.read()
except DatabaseProblem as problem:
    sys.exit(str(problem))
