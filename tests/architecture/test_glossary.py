"""One word for each idea: what docs/glossary.md says not to use is used nowhere as a name."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import DOCS, SRC, modules, relative, walk, words_of

_ROW = re.compile(
    r"^\| \*\*(?P<word>[^*]+)\*\* \|(?P<meaning>[^|]+)\|(?P<avoid>[^|]*)\|$", re.MULTILINE
)
_TAGS = re.compile(
    r"<(script|style)\b.*?</\1>|<!--.*?-->|\{[%#].*?[%#]\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL
)


def _avoided() -> dict[str, str]:
    """What not to say -> our word, from the last column of the glossary; only what is in `code`."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    return {
        synonym: row["word"]
        for row in _ROW.finditer(text)
        for synonym in re.findall(r"`([a-z_ ]+)`", row["avoid"])
    }


AVOIDED = _avoided()


def names_of(tree: ast.AST) -> Iterator[str]:
    """Every name that a module makes up; names of libraries it uses are not its choice."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def wrong_words(name: str) -> list[str]:
    """`basket_total` gives ["basket: say cart"]."""
    said = " ".join(words_of(name))
    return [
        f"{synonym}: say {word}"
        for synonym, word in AVOIDED.items()
        if re.search(rf"\b{synonym.replace('_', ' ')}s?\b", said)
    ]


def test_the_glossary_names_words_to_avoid():
    assert len(AVOIDED) > 10


@pytest.mark.parametrize("name", ["basket_total", "CartBaskets", "add_to_blacklist", "magicLink"])
def test_a_wrong_word_is_found(name):
    assert wrong_words(name)


def test_a_right_word_is_not():
    assert wrong_words("leading_cart") == []


def test_no_name_in_the_code_uses_another_word():
    wrong = {
        f"{relative(path)}: {name}": found
        for path in modules(SRC)
        for name in {path.stem, *names_of(ast.parse(path.read_text(encoding="utf-8")))}
        if (found := wrong_words(name))
    }
    assert wrong == {}


def test_no_table_or_column_uses_another_word():
    wrong = {
        f"{relative(path)}: {name}": found
        for path in walk(SRC)
        if path.parent.name == "migrations" and path.suffix == ".py"
        for name in re.findall(r'"([a-z_]+)"', path.read_text(encoding="utf-8"))
        if (found := wrong_words(name))
    }
    assert wrong == {}


def test_no_page_uses_another_word():
    wrong = {
        relative(path): found
        for path in walk(SRC)
        if path.suffix in {".html", ".mjml", ".toml"} and "vendor" not in path.parts
        if (
            found := wrong_words(_TAGS.sub(" ", path.read_text(encoding="utf-8")).replace(" ", "_"))
        )
    }
    assert wrong == {}
