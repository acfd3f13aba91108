"""Bounces written for people: which addresses they name, and what is said of each."""

import re

from ripresa.channels.mailbox.reading.addresses import ADDRESS, find_address, list_addresses
from ripresa.channels.mailbox.reading.mail import Mail
from ripresa.channels.mailbox.reading.values import Action, Evidence

_MOST_RECIPIENTS = 100
_LONGEST_LINE = 1000
_FRAME = " \t>*#-"
_WIDEST = 300  # characters of a line in which an address is looked for
# A line that is about an address rather than mentions one: it begins with it, or with a word and it.
_OPENS = re.compile(
    r"(?:[245]\d\d[ -])?(?:(?:recipient|to|address|for|user|rcpt to|failed recipient|mailbox"
    r"|recipient address|destinataire|empf.nger|target mail address|e-?mail address)"
    r"\b[^<@:\"]{0,30}[:=]?\s{0,9})?"
    r"[<(\"'\[]{0,2}(?:mailto:|smtp:|rfc822;)?" + ADDRESS.pattern,
    re.IGNORECASE,
)
# Headers that some reports quote before they come to the point.
_QUOTED = re.compile(
    r"(?:from|to|cc|reply-to|sender|subject|date|message-id|return-path|received|by|with|sent|mail from)\s?:",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"warning message only|still undelivered|will (?:be retried|keep trying|continue|retry)|has been delayed"
    r"|not yet been delivered|temporarily|delivery (?:is )?delayed|could not send message for past"
    r"|message delayed|do not need to resend",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"permanent(?:ly)?\b|given up|giving up|could not be delivered|undeliverable|not going to try again"
    r"|failed",
    re.IGNORECASE,
)


def read_transcript(mail: Mail) -> list[Evidence]:
    """What the text says of each address; one piece of evidence at least where an address is known."""
    action = _action(mail)
    segments = _segments(mail)
    if not segments:
        address = _anyone(mail)
        segments = [(address, mail.text)] if address else []
    # Some say why before they say who; with several addresses nobody could tell for whom that is.
    whole = ""
    if len(segments) == 1:
        whole = mail.text[: 8 * _LONGEST_LINE]
        segments = [(segments[0][0], _replies(mail.text) or segments[0][1])]
    return [
        Evidence(address, action, said=said[: 4 * _LONGEST_LINE], told=whole)
        for address, said in segments
    ]


def told_of(mail: Mail, address: str, *, is_alone: bool) -> str:
    """The passage of the text that is about one address; the whole text where it `is_alone`."""
    if not is_alone:
        for named, said in _segments(mail):
            if named.lower() == address.lower():
                return said
    return mail.text[: 8 * _LONGEST_LINE]


def _replies(text: str) -> str:
    """What the refusing server said, where a transcript marks it as sendmail does: `<<< 550 …`."""
    lines = (line.strip() for line in text.splitlines()[:2000])
    return "\n".join(line[4:] for line in lines if line.startswith("<<< ") and line[4:5] in "45")


def _action(mail: Mail) -> Action:
    text = mail.header("subject") + "\n" + mail.text[:4000]
    return Action.DELAYED if _DELAY.search(text) and not _FINAL.search(text) else Action.FAILED


def _segments(mail: Mail) -> list[tuple[str, str]]:
    own = _own_addresses(mail)
    segments: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in mail.text.splitlines()[:2000]:
        shown = line[:_LONGEST_LINE]
        bare = line[:_WIDEST].lstrip(_FRAME)
        address = find_address(bare) if _OPENS.match(bare) and not _QUOTED.match(bare) else ""
        if address and address.lower() not in own and len(segments) < _MOST_RECIPIENTS:
            current = segments.setdefault(address.lower(), [])
        if current is not None:
            current.append(shown)
    return [(address, "\n".join(lines)) for address, lines in segments.items()]


def _anyone(mail: Mail) -> str:
    """The address a bounce is about when no line of its text begins with one."""
    own = _own_addresses(mail)
    for source in (
        mail.header("x-failed-recipients"),
        *(line for line in mail.text.splitlines()[:2000] if not _QUOTED.match(line.lstrip())),
        " ".join(mail.original.get("to", ())),
        mail.text,
    ):
        for address in list_addresses(source):
            if address.lower() not in own:
                return address
    return find_address(" ".join(mail.original.get("to", ())))


def _own_addresses(mail: Mail) -> set[str]:
    """Addresses that are the report's: who wrote it, to whom, and who sent the original."""
    names = ("from", "to", "reply-to", "return-path", "envelope-to", "delivered-to")
    values = [value for name in names for value in mail.headers.get(name, ())]
    values += [
        value for name in ("from", "reply-to", "sender") for value in mail.original.get(name, ())
    ]
    own = {address.lower() for value in values for address in list_addresses(value)}
    returned = {
        address.lower()
        for value in mail.original.get("to", ())
        for address in list_addresses(value)
    }
    # Somebody who writes to herself is bounced to herself.
    return own - returned if returned and returned <= own else own
