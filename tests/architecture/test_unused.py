"""Nothing lies about that nobody asks for: what only a test calls is no part of the program."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.tree import SRC, modules, relative, tree_of, walk

_TEXTS = {".py", ".html", ".txt", ".sql", ".toml", ".yaml", ".mjml"}
# Their names are a framework's, which looks for them.
_LOOKED_FOR = {"apps.py", "models.py", "urls.py", "settings.py"}
_TEXT_OF = {
    path: path.read_text(encoding="utf-8")
    for path in walk(SRC)
    if path.suffix in _TEXTS and "migrations" not in path.parts and path.name != "tables.sql"
}
_SAID = Counter(word for text in _TEXT_OF.values() for word in re.findall(r"\w+", text))


def _made(tree: ast.Module) -> Iterator[str]:
    """The names a module makes for others, save those that a decorator hands on."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.decorator_list or _is_value(node):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def _is_value(node: ast.stmt) -> bool:
    """Whether it is a dataclass: that decorator registers nothing anywhere."""
    return isinstance(node, ast.ClassDef) and "dataclass" in ast.unparse(node.decorator_list[0])


def test_every_function_class_and_constant_is_named_twice():
    unused = {
        f"{relative(path)}: {name}"
        for path in modules(SRC)
        if path.name not in _LOOKED_FOR
        for name in _made(tree_of(path))
        if _SAID[name] == 1 and not name.startswith("__")
    }
    assert unused == set()


def test_every_statement_in_a_file_is_run_or_stands_in_another():
    code = "\n".join(text for path, text in _TEXT_OF.items() if path.suffix == ".py")
    joined = "\n".join(text for path, text in _TEXT_OF.items() if path.suffix == ".sql")
    # As in f"export_{kind}": the rest of the name is known when it is run.
    begun = tuple(re.findall(r'f"(\w+_)\{', code))
    unused = {
        relative(path)
        for path in _TEXT_OF
        if path.suffix == ".sql"
        if not path.stem.startswith(begun)
        and f'"{path.stem}"' not in code
        and f"\\ir {path.name}" not in joined
    }
    assert unused == set()
