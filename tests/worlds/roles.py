"""The table of who may do what (tests/roles.txt), read."""

from pathlib import Path
from typing import NamedTuple

ROLES = {"o": "owner", "m": "marketer", "a": "agent", "v": "viewer"}
_FILE = Path(__file__).resolve().parent.parent / "roles.txt"
_ANSWERS = {"page", "part", "file", "goes", "own"}


class Address(NamedTuple):
    """Who may look and act at an address of the console: roles by their first letters, or - or =."""

    name: str
    look: str
    act: str
    answer: str


def _lines(section: str) -> list[list[str]]:
    here, found = "", []
    for line in _FILE.read_text().splitlines():
        if line.startswith("["):
            here = line.strip("[]")
        elif here == section and line.strip() and not line.startswith("#"):
            found.append(line.split())
    return found


def console() -> dict[str, Address]:
    """The addresses of the console by name."""
    found: dict[str, Address] = {}
    for name, look, act, *answer in _lines("console"):
        one = Address(name, look, act, *(answer or ["page"]))
        assert found.setdefault(name, one) == one, f"roles.txt says two things of {name}"
        assert set(look) <= {*ROLES, "-"}, name
        assert set(act) <= {*ROLES, "-", "="}, name
        assert one.answer in _ANSWERS, name
    return found


def api() -> dict[str, str]:
    """The scope that each operation of the API needs."""
    found: dict[str, str] = {}
    for name, scope in _lines("api"):
        assert found.setdefault(name, scope) == scope, f"roles.txt says two things of {name}"
    return found
