"""Sizes that fit in one head. What has outgrown them is listed, and a list may only shrink."""

import ast
from collections import Counter

import pytest

from tests.architecture.tree import ROOT, SRC, modules, relative, tree_of

MAX_MODULE = 400
MAX_TEST_MODULE = 500
MAX_FUNCTION = 60
LONG_FUNCTION = 40
MAX_CLASS = 200
MAX_METHODS = 15
MAX_PACKAGE = 12

# Name -> size on the day it was listed. A listed thing may not grow, and leaves the list once it fits.
OVERGROWN_MODULES: dict[str, int] = {}
OVERGROWN_PACKAGES: dict[str, int] = {
    "src/ripresa/core": 15,  # small things that everything stands on, one idea each
    "src/ripresa/domain/scenarios": 16,  # a plan, its conditions, and each moment of its life
}
# A module for each thing the system does, group of commands, resource of the API, mail service: as many
# as there are.
UNBOUNDED_PACKAGES = {
    "src/ripresa/api",
    "src/ripresa/usecases",
    "src/ripresa/entrypoints/cli",
    "src/ripresa/channels/anymail/services",
}
# Functions of more than LONG_FUNCTION lines, each with what makes it one piece.
LONG_FUNCTIONS: dict[str, str] = {
    "src/ripresa/domain/carts/orders.py:store": "one statement with a column a line",
    "src/ripresa/entrypoints/cli/consents.py:import_file": "one option a line, with its help",
    "src/ripresa/entrypoints/cli/shops.py:change_shop": "one option a line, with its help",
    "src/ripresa/entrypoints/cli/simulation.py:simulate": "one option a line, with its help",
}

SOURCES = modules(SRC)
TESTS = modules(ROOT / "tests")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _lines(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def _module_sizes():
    return {
        relative(path): (
            len(path.read_text(encoding="utf-8").splitlines()),
            MAX_MODULE if path in SOURCES else MAX_TEST_MODULE,
        )
        for path in [*SOURCES, *TESTS]
    }


def _package_sizes():
    return Counter(
        relative(path.parent)
        for path in SOURCES
        if path.name not in {"__init__.py", "apps.py", "__main__.py"}
    )


def _function_sizes():
    return {
        f"{relative(path)}:{node.name}": _lines(node)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, FUNCTIONS)
    }


def test_a_module_fits_in_one_head():
    sizes = _module_sizes()
    grown = {
        name: lines
        for name, (lines, most) in sizes.items()
        if lines > OVERGROWN_MODULES.get(name, most)
    }
    assert grown == {}


def test_a_package_has_few_modules():
    grown = {
        name: count
        for name, count in _package_sizes().items()
        if name not in UNBOUNDED_PACKAGES and count > OVERGROWN_PACKAGES.get(name, MAX_PACKAGE)
    }
    assert grown == {}


def test_a_function_is_short():
    long = {
        name: lines
        for name, lines in _function_sizes().items()
        if lines > (MAX_FUNCTION if name in LONG_FUNCTIONS else LONG_FUNCTION)
    }
    assert long == {}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_class_does_one_thing(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef):
            public = [
                each.name
                for each in node.body
                if isinstance(each, FUNCTIONS) and not each.name.startswith("_")
            ]
            assert _lines(node) <= MAX_CLASS, node.name
            assert len(public) <= MAX_METHODS, node.name


def test_the_lists_only_shrink():
    sizes, packages, functions = _module_sizes(), _package_sizes(), _function_sizes()
    fits = [
        name for name in OVERGROWN_MODULES if name not in sizes or sizes[name][0] <= sizes[name][1]
    ]
    fits += [name for name in OVERGROWN_PACKAGES if packages[name] <= MAX_PACKAGE]
    fits += [name for name in LONG_FUNCTIONS if functions.get(name, 0) <= LONG_FUNCTION]
    assert fits == [], "these fit now: take them off the list"
