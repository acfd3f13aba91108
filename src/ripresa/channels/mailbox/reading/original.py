"""Where, in a text, the report ends and the mail that came back begins."""

import re
from collections.abc import Mapping

_LONGEST = 32 << 10
_MOST_LINES = 5000
_MOST_TRIES = 20
_WIDEST = 200  # characters of a line that announces something
_AHEAD = 12
_ENOUGH = 2
_FRAME = " \t>*#-=_"
_NAME = re.compile(r"^([!-9;-~]{1,70})[ \t]*:[ \t]*(.*)$")
# What announces the original between dashes, and what does so as a sentence of its own.
_FRAMED = re.compile(
    r"\b(?:cop(?:y|ies)|original|returned|unsent|headers?|bounced)\b", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"(?:(?:begin(?:ning)? of )?(?:the )?(?:original|returned|unsent|undelivered|bounced)"
    r" (?:e-?)?(?:message|mail|header)s?(?: (?:text|headers?|body))?(?: (?:is|was|follows?).{0,40})?\s*[:.]*"
    r"|(?:a |the )?(?:message|mail) headers? (?:follow|is|are)\b.{0,40}"
    r"|(?:included|below|here|attached) (?:is|follows) (?:a|the) (?:copy|original|header|first)\b.{0,80}"
    r"|original message headers:)",
    re.IGNORECASE,
)
# Headers that every mail has on its way, and no report has in its text.
_TRACES = frozenset({"received", "return-path", "message-id", "mime-version", "dkim-signature"})
_WRITTEN = frozenset({"from", "to", "subject"})


def split_original(text: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """The report alone, and the headers of the original (empty: none was returned in the text)."""
    lines = text.split("\n", _MOST_LINES)
    tries = 0
    for number, line in enumerate(lines):
        begins = number + 1 if _is_announcement(line) else number
        if begins == number and not _is_trace_block(lines[number : number + _AHEAD]):
            continue
        tries += 1
        original = headers_of("\n".join(lines[begins:])[:_LONGEST])
        if original:
            return "\n".join(lines[:number]), original
        if tries == _MOST_TRIES:
            break
    return text, {}


def headers_of(text: str) -> Mapping[str, tuple[str, ...]]:
    """The header block that a text begins with, names in lower case."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text[:_LONGEST].lstrip("\r\n -").splitlines():
        if line[:1] in (" ", "\t") and current:
            current[-1] += " " + line.strip()
            continue
        match = _NAME.match(line)
        if match:
            current = found.setdefault(match[1].lower(), [])
            current.append(match[2].strip())
        elif (found and not line.strip()) or (found and not line.startswith(("From ", ">From "))):
            break
    return {name: tuple(values) for name, values in found.items()}


def _is_announcement(line: str) -> bool:
    if len(line) > _WIDEST:
        return False
    bare = line.strip(_FRAME)
    is_framed = line.lstrip(" \t>*#").startswith("--")
    return bool((is_framed and _FRAMED.search(bare)) or _SENTENCE.fullmatch(bare))


def _is_trace_block(lines: list[str]) -> bool:
    """True when a header that only mails on their way have is followed by others."""
    first = _NAME.match(lines[0][:_WIDEST])
    if first is None or first[1].lower() not in _TRACES:
        return False
    names = {match[1].lower() for line in lines if (match := _NAME.match(line[:_WIDEST]))}
    return len(names & _TRACES) >= _ENOUGH or bool(names & _WRITTEN)
