"""What the words of a refusal mean, by the rules of words.toml."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from ripresa.contracts.feedback import BounceReason

# Links, addresses, names of hosts, addresses of hosts: they hold words that say nothing here.
_NOISE = re.compile(
    r"https?://\S+|<[^<>\s]*>|\S+@\S+|\[[\w.:]{7,45}\]|\b(?:[\w-]+\.){2,}[a-z]{2,}\b", re.IGNORECASE
)
_LONGEST = 2000


def said_plainly(text: str) -> str:
    """A text without what is no word of the refusal: on one line, at most 2,000 characters."""
    return " ".join(_NOISE.sub(" ~ ", text[: 2 * _LONGEST]).split())[:_LONGEST]


def reasons_by_words(text: str) -> list[BounceReason]:
    """Every reason the words fit, the most telling first; `text` as `said_plainly` gives it."""
    fitting = (reason for reason, pattern in _rules() if pattern.search(text))
    return list(dict.fromkeys(fitting))


@cache
def _rules() -> Sequence[tuple[BounceReason, re.Pattern[str]]]:
    source = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)

    def full(pattern: str) -> str:
        for name in ("who", "not", "domain"):
            pattern = pattern.replace(f"<{name}>", table[name])
        return pattern

    return tuple(
        (
            BounceReason(rule["reason"]),
            re.compile("|".join(full(pattern) for pattern in rule["words"]), re.IGNORECASE),
        )
        for rule in table["rule"]
    )
