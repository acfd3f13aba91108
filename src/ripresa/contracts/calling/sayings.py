"""Sentences for people that are told in their language: a pattern of a closed list, and what fills it.

Connectors, and readers of files, say them in English, in which they are kept, shown to programs and
found in logs. Who shows them to people keeps the pattern beside the words, and has it translated: `say` is
where the words are collected.
What a shop itself said stands among the facts, and stays as it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, reduce
from string import Formatter
from typing import Any, Self

from ripresa.core.words.patterned import Patterned


class Saying(str):
    """An English sentence that knows of what it is made."""

    __slots__ = ("facts", "pattern")
    pattern: str
    facts: Mapping[str, str]

    @classmethod
    def made_of(cls, pattern: str, facts: Mapping[str, Any]) -> Self:
        """`pattern` with `facts` in its braces."""
        made = cls(pattern.format_map(facts))
        made.pattern = pattern
        # What is a saying itself stays one, so that it is told in the same language.
        made.facts = {
            name: one if isinstance(one, str) else str(one) for name, one in facts.items()
        }
        return made


def say(pattern: str, **facts: object) -> Saying:
    """A sentence out of `pattern`, a literal with the names of `facts` in braces."""
    return Saying.made_of(pattern, facts)


def laid_out(layout: str, **facts: object) -> Saying:
    """Sayings put together: `layout` has no words of its own, and is not collected."""
    return Saying.made_of(layout, facts)


def joined(between: str, parts: Sequence[str]) -> Saying:
    """Several one behind the other; at least one."""
    names = [f"part{number}" for number in range(len(parts))]
    layout = between.join(f"{{{name}}}" for name in names)
    return laid_out(layout, **dict(zip(names, parts, strict=True)))


def as_words(value: object) -> str:
    """A Saying as a plain string, for msgspec, which takes no other: its `enc_hook`."""
    if isinstance(value, Saying):
        return str(value)
    raise NotImplementedError


def either(names: Iterable[str]) -> str:
    """The names with "or" between them, which is told too; at least one."""
    return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), names)


def said_by(trouble: Exception) -> str:
    """What an exception says, as a Saying where it is one."""
    if isinstance(trouble, Patterned):
        return Saying.made_of(trouble.pattern, trouble.facts)
    first = trouble.args[0] if trouble.args else ""
    return first if isinstance(first, Saying) else str(trouble)


def kept(*texts: str) -> dict[str, Any]:
    """For each of `texts` that is a Saying, by its words, what it is made of; to be kept as JSON."""
    return {
        str(one): {"pattern": one.pattern, "facts": {**one.facts}, **_inner(one)}
        for one in texts
        if isinstance(one, Saying)
    }


def _inner(saying: Saying) -> dict[str, Any]:
    inner = kept(*saying.facts.values())
    return {"said": inner} if inner else {}


def remade(text: str, said: Mapping[str, Any]) -> str:
    """The Saying that `text` was when it was kept, with what `kept` told of it; else `text`."""
    made = said.get(text)
    if made is None:
        return text
    inner = made.get("said", {})
    facts = {name: remade(one, inner) for name, one in made["facts"].items()}
    return Saying.made_of(made["pattern"], facts)


def recognised(text: str, patterns: Iterable[str]) -> str:
    """The Saying of the first of `patterns` that `text` fits, its facts too; else `text`.

    For what is kept as words alone. A pattern has no conversions such as `!r`.
    """
    known = tuple(patterns)
    for pattern in known:
        if found := _shape(pattern).fullmatch(text):
            facts = {name: recognised(one, known) for name, one in found.groupdict().items()}
            return Saying.made_of(pattern, facts)
    return text


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    known: set[str] = set()
    for words, name, _, _ in Formatter().parse(pattern):
        parts.append(re.escape(words))
        if name is not None:
            parts.append(f"(?P={name})" if name in known else f"(?P<{name}>.*?)")
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)
