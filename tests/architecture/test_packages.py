"""What a package says of itself, and what its modules may be called."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SRC, modules, relative, tree_of, walk

# A name that says nothing collects everything.
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base2"}

PACKAGES = [
    path for path in walk(SRC) if path.name == "__init__.py" and "migrations" not in path.parts
]


@pytest.mark.parametrize("path", PACKAGES, ids=relative)
def test_a_package_file_holds_a_docstring_only(path):
    body = tree_of(path).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", [path for path in PACKAGES if path.parent != SRC], ids=relative)
def test_a_package_says_what_it_owns_promises_and_leaves(path):
    text = ast.get_docstring(tree_of(path)) or ""
    assert [word for word in ("Owns ", "Promises ", "Leaves ") if word not in text] == []


def test_no_module_is_called_nothing_in_particular():
    named = [*modules(SRC), *modules(ROOT / "tests")]
    assert [relative(path) for path in named if {path.stem, path.parent.name} & FORBIDDEN] == []


def test_all_that_drives_a_browser_says_so():
    """The driver keeps an event loop in its process, in which no other may be started: they run apart."""
    files = (ROOT / "tests" / "browser").rglob("test_*.py")
    assert [str(file) for file in files if "mark.browser" not in file.read_text("utf-8")] == []


def test_what_drives_a_browser_stands_where_it_is_looked_for():
    """`make test` reads these folders alone for it: reading all tests once more takes half a minute."""
    recipe = (ROOT / "Makefile").read_text("utf-8")
    [folders] = re.findall(r'-m "browser and not slow" (.+)', recipe)
    named = tuple(f"{folder}/" for folder in folders.split())
    marked = [
        relative(path)
        for path in modules(ROOT / "tests")
        if path != Path(__file__) and "mark.browser" in path.read_text("utf-8")
    ]
    assert [path for path in marked if not path.startswith(named)] == []
    assert "tests/stories/test_demo.py" in marked
