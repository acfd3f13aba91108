"""A mail taken apart: headers, words for people, words for machines, and the mail that came back.

Whatever the bytes, this takes bounded time and memory: only the first `MOST_BYTES` are looked at, a
header counts up to `LONGEST_HEADER` characters, and a mail of absurdly many parts is read as one text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from html import unescape

from ripresa.channels.mailbox.reading.original import headers_of, split_original

MOST_BYTES = 4 << 20
LONGEST_HEADER = 2000
LONGEST_TEXT = 64 << 10
LONGEST_NAME = 200
_MOST_PARTS = 200
_MOST_BOUNDARIES = 60  # nested deeper than any mail system nests
_MOST_DASHES = 4000  # lines that could each open a part
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_DASHES = re.compile(rb"^--", re.MULTILINE)
_HEADER = re.compile(rb"^(?:From .*\r?\n|>From .*\r?\n)?[!-9;-~]+[ \t]*:")
_TAG = re.compile(
    r"<(?:style|script)\b[^>]{0,500}>.{0,4000}?</(?:style|script)>|<[^<>]{0,2000}>",
    re.DOTALL | re.IGNORECASE,
)
# Python knows more codecs than mails have: `punycode` takes a time that grows with the square of the text.
_CHARSET = re.compile(
    r"^(?:utf|iso|us-ascii|ascii|latin|windows|cp|koi8|gb|big5|euc|shift|sjis|hz|mac|tis|ks_c|unicode-1-1)",
    re.IGNORECASE,
)
_MACHINE_PARTS = ("message/delivery-status", "message/global-delivery-status")
_FEEDBACK_PART = "message/feedback-report"
_ORIGINAL_PARTS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/partial")

Headers = Mapping[str, tuple[str, ...]]


class NotAMail(ValueError):
    """The bytes have no headers of a mail; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `headers` have lower-case names and decoded values; `text` is what people read.

    `report` is the text of message/delivery-status parts, `complaint` that of
    message/feedback-report, `original` the headers of the mail that came back. `whole` is `text` with
    the original, where that stands in it; `attachments` are the names of files beside it.
    """

    headers: Headers
    content_type: str
    report_type: str
    text: str
    report: str
    complaint: str
    original: Headers
    has_original: bool
    whole: str
    attachments: tuple[str, ...]

    def header(self, name: str) -> str:
        """The first value of a header, or empty."""
        return self.headers.get(name, ("",))[0]


class _Bounded(policy.Compat32):
    """The lenient policy of the standard library, with headers cut to a length that can't hurt."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def parse_mail(raw: bytes) -> Mail:
    """Take a mail apart. Raises NotAMail."""
    raw = raw[:MOST_BYTES].lstrip(b"\r\n")
    if b"\n" not in raw[:LONGEST_TEXT]:
        raw = raw.replace(b"\r", b"\n")
    if not _HEADER.match(raw):
        found = "it is empty" if not raw.strip() else "it does not begin with a header"
        raise NotAMail(f"this is no mail: {found}")
    message = _parse(raw)
    parts = _Parts()
    for part in _walk(message):
        parts.take(part)
    return parts.mail(message)


def _parse(raw: bytes) -> Message:
    parser = BytesParser(policy=_Bounded())
    hostile = (
        len(_BOUNDARY.findall(raw)) > _MOST_BOUNDARIES or len(_DASHES.findall(raw)) > _MOST_DASHES
    )
    if not hostile:
        try:
            return parser.parsebytes(raw)
        except (RecursionError, MessageError, ValueError, LookupError):
            pass  # what follows reads its headers at least
    return parser.parsebytes(raw[: 16 * LONGEST_TEXT], headersonly=True)


def _walk(message: Message) -> Iterator[Message]:
    """Parts in order, those of a returned mail left out; at most `_MOST_PARTS`."""
    waiting, count = [message], 0
    while waiting and count < _MOST_PARTS:
        part = waiting.pop()
        count += 1
        payload = part.get_payload()
        is_report = _type(part) in (*_MACHINE_PARTS, *_ORIGINAL_PARTS, _FEEDBACK_PART)
        if isinstance(payload, list) and not is_report:
            waiting += [each for each in reversed(payload) if isinstance(each, Message)]
        else:
            yield part


class _Parts:
    """What was found in the parts so far."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.html: list[str] = []
        self.report: list[str] = []
        self.complaint: list[str] = []
        self.original: Headers = {}
        self.has_original = False
        self.attachments: list[str] = []

    def take(self, part: Message) -> None:
        kind = _type(part)
        if part.get_filename():
            self.attachments.append(_words(str(part.get_filename()))[:LONGEST_NAME])
        if kind in _MACHINE_PARTS:
            self.report.append(_text(part))
        elif kind == _FEEDBACK_PART:
            self.complaint.append(_text(part))
        elif kind in _ORIGINAL_PARTS:
            self._take_original(part)
        elif kind == "text/html":
            self.html.append(unescape(_TAG.sub(" ", _text(part))))
        elif kind.startswith("text/") or not (part.is_multipart() or part.get_filename()):
            self.plain.append(_text(part))

    def _take_original(self, part: Message) -> None:
        self.has_original = True
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            found = _headers(inner[0])
        else:
            found = headers_of(_text(part))
        self.original = self.original or found

    def mail(self, message: Message) -> Mail:
        text = "\n\n".join(self.plain if any(self.plain) else self.html)[: 4 * LONGEST_TEXT]
        whole = text.replace("\r\n", "\n").replace("\r", "\n")
        text, original = split_original(whole)
        return Mail(
            headers=_headers(message),
            content_type=_type(message),
            report_type=_parameter(message, "report-type"),
            text=text,
            report="\n\n".join(self.report)[: 4 * LONGEST_TEXT],
            complaint="\n\n".join(self.complaint)[:LONGEST_TEXT],
            original=self.original or original,
            has_original=self.has_original or bool(original),
            whole=whole,
            attachments=tuple(self.attachments),
        )


def _type(part: Message) -> str:
    return part.get_content_type().lower()


def _parameter(part: Message, name: str) -> str:
    try:
        return str(part.get_param(name) or "").lower()
    except (ValueError, LookupError):
        return ""


def _text(part: Message) -> str:
    """The decoded words of a part, cut to `LONGEST_TEXT`."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return _blocks([each for each in payload if isinstance(each, Message)], part)
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    return _decode(raw[: 2 * LONGEST_TEXT], part.get_content_charset())[:LONGEST_TEXT]


def _blocks(blocks: list[Message], part: Message) -> str:
    """Header blocks as text again: the parser takes message/delivery-status apart by itself."""
    lines: list[str] = []
    for block in blocks[:_MOST_PARTS]:
        lines += [f"{name}: {value}" for name, value in block.items()]
        inner = block.get_payload()
        lines += [inner if isinstance(inner, str) else "", ""]
    text = "\n".join(lines)[:LONGEST_TEXT]
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        holder = Message()
        holder["Content-Transfer-Encoding"] = "base64"
        holder.set_payload(text)
        decoded = holder.get_payload(decode=True)
        text = _decode(decoded, "utf-8") if isinstance(decoded, bytes) else text
    return text


def _decode(raw: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        if not _CHARSET.match(name):
            continue
        try:
            return raw.decode(name)
        except (LookupError, ValueError):  # unknown charset; other bytes than it says
            continue
    return raw.decode("latin-1")


def _headers(message: Message) -> Headers:
    found: dict[str, list[str]] = {}
    for name, value in list(message.raw_items())[:_MOST_PARTS]:
        # Bytes that are no ASCII came in as surrogates: nearly always they are UTF-8 (RFC 6532).
        raw = str(value).encode("ascii", "surrogateescape")
        found.setdefault(name.lower(), []).append(_words(_decode(raw, None)))
    return {name: tuple(values) for name, values in found.items()}


def _words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) read, on one line."""
    try:
        pieces = decode_header(value[:LONGEST_HEADER])
    except (MessageError, ValueError):
        pieces = [(value, None)]
    text = "".join(
        _decode(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces
    )
    return " ".join(text.split())
