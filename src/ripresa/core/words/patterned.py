"""Errors of the lowest layer that can be told in another language: a pattern, and what fills it.

Layers above say sentences by `contracts.calling.sayings.say`, which core does not know.
"""

from typing import Any


class Patterned(Exception):
    """An error whose message is `pattern` with `facts` in its braces."""

    def __init__(self, pattern: str, **facts: Any) -> None:
        super().__init__(pattern.format_map(facts))
        self.pattern, self.facts = pattern, facts
