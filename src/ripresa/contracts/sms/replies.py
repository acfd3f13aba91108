"""What a person who writes back asks for: STOP, START, HELP, a yes, or nothing that a machine understands.

A lone word counts in any of the console's languages, whatever the language of the message: people
mix them. In the United States "any reasonable means" of revoking counts (47 CFR 64.1200(a)(10)), so
sentences are read as well: a demand made of words of stopping and courtesy alone, one that begins with
such a word and breaks off there, or a phrase that says it in so many words. A question ("does the sale
stop today?") or the opposite ("don't stop") is none.
"""

import re
from enum import StrEnum

from ripresa.contracts.sms.reply_words import (
    COURTESY,
    HELP,
    NOT,
    OPPOSITE,
    PHRASES,
    START,
    STOP,
    YES,
    normal,
)


class ReplyWord(StrEnum):
    """What a reply asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"


_BREAK = re.compile(r"\s*[.!;:\n–—]|\s+-")
_MOST_WORDS_OF_A_DEMAND = 8


def read_reply(text: str) -> ReplyWord | None:
    """What the reply `text` asks for; None: a person should read it."""
    said = normal(text)
    for word, known in (
        (ReplyWord.STOP, STOP),
        (ReplyWord.START, START),
        (ReplyWord.HELP, HELP),
        (ReplyWord.YES, YES),
    ):
        if said in known:
            return word
    return ReplyWord.STOP if said and _is_demand_to_stop(text, said) else None


def _is_demand_to_stop(text: str, said: str) -> bool:
    if OPPOSITE.search(said):
        return False
    if PHRASES.search(said):
        return True
    if "?" in text or "？" in text:
        return False
    return _is_word_and_courtesy(said) or _breaks_off_after_the_word(text)


def _is_word_and_courtesy(said: str) -> bool:
    words = said.split()
    if len(words) > _MOST_WORDS_OF_A_DEMAND or NOT.intersection(words):
        return False
    return any(word in STOP for word in words) and all(
        word in STOP or word in COURTESY for word in words
    )


def _breaks_off_after_the_word(text: str) -> bool:
    """STOP. I never asked for this."""
    first = re.match(r"\s*[\"'«“(]*([^\W_]+)[\"'»”)]*", text)
    if first is None or normal(first[1]) not in STOP:
        return False
    return _BREAK.match(text, first.end()) is not None
