"""The files of the project, as the tests of this folder look at them."""

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SRC = ROOT / "src" / "ripresa"
DOCS = ROOT / "docs"

_IGNORED = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())]


def walk(top: Path = ROOT) -> Iterator[Path]:
    """Every file under `top` that .gitignore lets through, sorted; needs no git."""
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not _is_ignored(name))
        for name in sorted(files):
            if not _is_ignored(name):
                yield Path(folder, name)


def _is_ignored(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in _IGNORED)


def modules(top: Path) -> list[Path]:
    """Python files under `top` that people write: migrations are laid by Django."""
    return [path for path in walk(top) if path.suffix == ".py" and "migrations" not in path.parts]


def relative(path: Path) -> str:
    """The path as people say it, from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def words_of(identifier: str) -> list[str]:
    """`findCart_of2` gives find, cart, of2: what an identifier says, in lower case."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", identifier)
    return [word for word in spaced.lower().split("_") if word]
