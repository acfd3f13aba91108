"""What mails to members say, in the shop's language where it is one of the console's, else in English."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple


class Words(NamedTuple):
    """A mail around its link."""

    subject: str
    text: str
    button: str
    after: str
    language: str


def words_of(kind: str, language: str, *, shop: str) -> Words:
    """The words of a mail."""
    known = _all()[kind]
    spoken = language if language in known else "en"
    said = {name: text.replace("{shop}", shop) for name, text in known[spoken].items()}
    return Words(said["subject"], said["text"], said["button"], said["after"], spoken)


@lru_cache
def _all() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
