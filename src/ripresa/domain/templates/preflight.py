"""The pre-flight: the only way into the MJML renderer, which crashes or misprints on some input.

The renderer (mrml 6.0.1) ends the process on some ten thousand nested tags, prints attribute
values with escapes of its own so that a quote can leave its attribute, and knows neither void HTML
tags nor named entities. So its input is parsed here as strict XML, checked against the vocabulary,
and written anew. Merge tags travel through it as plain words, so a `<` or a quote inside one does
no harm.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.errors import TemplateError, error_at
from ripresa.domain.templates.language.check import CheckedPart
from ripresa.domain.templates.mjml.rewriting import Replacement, html_habits, rewrite
from ripresa.domain.templates.mjml.unsound import Unsound
from ripresa.domain.templates.mjml.writer import SoundWriter, Tokens

MAX_BYTES = 512 * 1024

# Expat's error numbers, where we can say more than that something is not well-formed.
_PROBLEMS = {
    3: say("there is no MJML here"),
    7: say("this closing tag does not match what is open"),
    8: say("this attribute stands here twice"),
    9: say("nothing may follow </mjml>"),
    11: say("no entity has this name"),
}
_NOT_WELL_FORMED = say(
    'not well-formed: attributes are written name="value", & as &amp;, < as &lt;, '
    "and what is opened has to be closed"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """MJML that the renderer may be given. `token` finds its merge tags: group 1 is the index."""

    mjml: str
    token: re.Pattern[str]
    linked: frozenset[str]  # fields that a link leads to, in every mail


def preflight(part: CheckedPart, language: str) -> Prepared:
    """Make a checked body safe to render. Raises TemplateError at what is refused."""
    source = part.source
    tokens = Tokens(source, part.tags)
    tagged = rewrite(
        source,
        [Replacement(tag.start, tag.end, tokens.token_of(tag)) for tag in part.tags],
    )
    tidy = rewrite(tagged.text, html_habits(tagged.text))
    writer = SoundWriter(tokens, language)
    encoded = tidy.text.encode()
    feed = _Feed(writer)
    try:
        feed.run(encoded)
    except (Unsound, expat.ExpatError) as problem:
        at = feed.byte_offset(problem)
        offset = tagged.origin(tidy.origin(len(encoded[:at].decode(errors="ignore"))))
        raise _placed(problem, source, offset) from None
    return Prepared(writer.written(), tokens.pattern, frozenset(writer.linked))


def check_size(source: str, part: str) -> None:
    """Refuse what is no text or too much of it, before anything else looks at it."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError as problem:
        raise error_at(
            source, problem.start, say("half a character (a lone surrogate)"), part
        ) from None
    if size > MAX_BYTES:
        message = say("{size} bytes are too much: the limit is {most}", size=size, most=MAX_BYTES)
        raise error_at(source, 0, message, part)


def _placed(problem: Unsound | expat.ExpatError, source: str, offset: int) -> TemplateError:
    if isinstance(problem, Unsound):
        at = offset if problem.tag is None else problem.tag.start
        return error_at(source, at, problem.message)
    return error_at(source, offset, _PROBLEMS.get(problem.code, _NOT_WELL_FORMED))


class _Feed:
    """Hands the events of expat to the writer and remembers where each began."""

    def __init__(self, writer: SoundWriter) -> None:
        self._writer = writer
        self._text: list[str] = []
        self._text_at = 0
        self._at = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._refuse_instruction
        parser.StartDoctypeDeclHandler = self._refuse_doctype

    def run(self, encoded: bytes) -> None:
        self._parser.Parse(encoded, True)

    def byte_offset(self, problem: Unsound | expat.ExpatError) -> int:
        """Where `problem` is, in the bytes that were parsed."""
        return self._at if isinstance(problem, Unsound) else self._parser.ErrorByteIndex

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._writer.start(name, attributes)

    def _end(self, name: str) -> None:
        del name  # expat has compared it
        self._flush()
        self._writer.end()

    def _words(self, text: str) -> None:
        if not self._text:
            self._text_at = self._parser.CurrentByteIndex
        self._text.append(text)

    def _comment(self, text: str) -> None:
        self._flush()
        self._writer.comment(text)

    def _refuse_instruction(self, target: str, data: str) -> None:
        del data
        self._flush()
        raise Unsound(say("<?{target}?> can't be used in a mail", target=target))

    def _refuse_doctype(self, *parts: object) -> None:
        del parts
        self._flush()
        raise Unsound(say("a document type can't be used: MJML begins with <mjml>"))

    def _flush(self) -> None:
        """Write the words so far, which expat delivers in pieces, as one."""
        if self._text:
            text, self._text = "".join(self._text), []
            self._at = self._text_at
            self._writer.text(text)
        self._at = self._parser.CurrentByteIndex
