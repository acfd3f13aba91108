"""What a server's no means: try later or never, and whose fault it is.

Sources: RFC 5321 4.2.3 and 7504 (reply codes), RFC 3463 with 4954, 6531, 7293, 7372, 7505 and the
registry of RFC 5248 (enhanced codes), Microsoft's list of non-delivery reports (5.4.1, 5.4.310,
5.7.1xx, 5.1.351), Gmail's and Yahoo's codes for bulk senders. The order of judgement:

1. 4yz is a passing trouble, greylisting included: OTHER, not permanent.
2. A server that wants a login or TLS first (530, 534, 538) complains of our settings: POLICY, not
   permanent, for the mail itself is as good as before.
3. The enhanced code, where it says enough (`_BY_STATUS`, `_BY_SUBJECT`).
4. The reply code, where it says enough (`_BY_CODE`).
5. The words.
6. A refusal of the sender address is POLICY unless the code or the words said OTHER.

Suppressing an address is for good and pausing a sender stops a shop, so where a code and the words
contradict each other, and where nothing is clear, only this message ends: OTHER.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from ripresa.channels.smtp.wire import Reply
from ripresa.contracts.channel import RefusalKind, Refused

MAILBOX, POLICY, OTHER = RefusalKind.MAILBOX, RefusalKind.POLICY, RefusalKind.OTHER


class Stage(StrEnum):
    """What the server was asked when it said no."""

    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    CONTENT = "DATA"


# The last two digits of 5.x.y. None: the code alone does not tell, the words do.
_BY_STATUS: Mapping[str, RefusalKind | None] = {
    "1.0": None,  # other address status
    "1.1": MAILBOX,  # no such mailbox
    "1.2": MAILBOX,  # no such domain
    "1.3": MAILBOX,  # an address that cannot be
    "1.4": OTHER,  # ambiguous
    "1.6": MAILBOX,  # moved, no forwarding
    "1.7": POLICY,  # the sender's address is badly written
    "1.8": POLICY,  # the sender's domain is bad
    "1.10": MAILBOX,  # the domain takes no mail: null MX (RFC 7505); Microsoft: no such recipient
    "1.351": MAILBOX,  # Microsoft: the server behind says there is no such recipient
    "2.1": MAILBOX,  # disabled
    "2.2": OTHER,  # full
    "2.3": OTHER,  # message longer than this mailbox takes
    "2.4": OTHER,  # mailing list expansion
    "3.4": OTHER,  # too big for the system
    "4.310": MAILBOX,  # Microsoft: the domain does not exist
    "7.2": OTHER,  # the recipient is a list that is not open to us
    "7.17": MAILBOX,  # the mailbox now belongs to someone else (RFC 7293)
    "7.18": MAILBOX,  # the domain does
    # Microsoft: the recipient, often a group, takes mail from chosen senders only.
    "7.124": OTHER,
    "7.129": OTHER,
    "7.133": OTHER,
    "7.134": OTHER,
    "7.135": OTHER,
    "7.136": OTHER,
}
# The middle digit of 5.x.y, where _BY_STATUS has no line for it.
_BY_SUBJECT: Mapping[str, RefusalKind | None] = {
    "0": None,
    "1": None,
    "2": None,
    "3": None,  # the system of the recipient
    "4": None,  # routing
    "5": None,  # protocol; Outlook answers unknown users with 5.5.0
    "6": OTHER,  # conversion of content
    "7": POLICY,  # security and policy: SPF, DKIM, DMARC, reverse DNS, content, relaying
}
_BY_CODE: Mapping[int, RefusalKind] = {
    500: OTHER,  # syntax
    501: OTHER,
    502: OTHER,
    503: OTHER,
    504: OTHER,
    551: MAILBOX,  # not local, and not forwarded
    552: OTHER,  # exceeds storage
    555: OTHER,  # parameters of MAIL or RCPT
    556: MAILBOX,  # the domain takes no mail (RFC 7504)
}
_LOGIN_FIRST = frozenset({530, 534, 538})  # RFC 4954, section 6; RFC 3207, section 4

# An enhanced code, and not part of an IP address.
_STATUS = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
# Addresses and links hold words that are not about this refusal (`?p=DisabledUser`, `policy@…`).
_NOISE = re.compile(r"https?://\S+|<[^>]*>|\S+@\S+")

# Servers often look at the sender when the recipient is named: `Sender address … Domain not found`.
_SENDER_WORDS = re.compile(
    r"\bsender (?:address|domain|rejected|denied|blocked|is|not)\b", re.IGNORECASE
)
_FULL_WORDS = re.compile(
    r"quota|\b(?:mailbox|storage|account|inbox)\b[^.;]{0,20}\bfull\b|too (?:large|big)"
    r"|exceed\w* [^.;]{0,20}(?:size|storage|limit)|insufficient|at a rate",
    re.IGNORECASE,
)
_MAILBOX_WORDS = re.compile(
    r"\b(?:user|recipient|mailbox|address|account)\b[^.;]{0,40}?"
    r"\b(?:unknown|not found|not known|(?:does not|doesn't|do not|not) exist"
    r"|disabled|discontinued|deactivated|inactive|terminated|closed)"
    r"|\bunknown (?:user|recipient|mailbox|address|local)"
    r"|\bno such (?:user|recipient|mailbox|address|person|account)|\bno mailbox here"
    r"|\bnot our (?:user|customer)|\binvalid (?:recipient|mailbox|user)|\brecip(?:ient)?notfound"
    r"|\bdisabled (?:user|recipient|mailbox|address|account)|\buser doesn't have"
    r"|\b(?:host|domain)\b[^.;]{0,40}\b(?:not found|unknown|does not exist|doesn't exist"
    r"|(?:does not|doesn't) accept mail|not reachable)|\bunrouteable address|\bnull mx",
    re.IGNORECASE,
)
_POLICY_WORDS = re.compile(
    r"\bspam|unsolicited|\bube\b|black\s?list|block\s?list|blocked|\b[dr]ns?bl\b|\brbl\b|reputation"
    r"|\bpolic(?:y|ies)\b|\bdmarc\b|\bdkim\b|\bspf\b|\bptr\b|reverse dns|\brelay"
    r"|not (?:authori[sz]ed|allowed|permitted)|access denied|virus|malware|\bcontent\b"
    r"|unauthenticated|banned|purported responsible",
    re.IGNORECASE,
)


def refusal(stage: Stage, reply: Reply) -> Refused:
    """The fate of a mail whose `stage` was answered with a 4yz or 5yz."""
    if not reply.is_permanent:
        return Refused(permanent=False, kind=OTHER, detail=str(reply))
    if reply.code in _LOGIN_FIRST:
        detail = f"the mail server wants a login or encryption first: {reply}"
        return Refused(permanent=False, kind=POLICY, detail=detail)
    return Refused(permanent=True, kind=_kind(stage, reply), detail=str(reply))


def _kind(stage: Stage, reply: Reply) -> RefusalKind:
    code, words = _kind_by_code(reply), _kind_by_words(reply.text)
    if stage is Stage.SENDER:
        # The recipient was not even asked: no word about a mailbox can be about hers.
        return OTHER if OTHER in (code, words) else POLICY
    if _is_edge_without_recipient(reply):
        return MAILBOX
    if code is None or words is None:
        return code or words or OTHER
    return code if code == words else OTHER


def _kind_by_code(reply: Reply) -> RefusalKind | None:
    status = _STATUS.search(reply.text)
    if status is not None:
        subject, detail = status.groups()
        kind = _BY_STATUS.get(f"{subject}.{detail}", _BY_SUBJECT.get(subject))
        if kind is not None:
            return kind
    return _BY_CODE.get(reply.code)


def _is_edge_without_recipient(reply: Reply) -> bool:
    """Exchange Online's edge says `Access denied` and means: my directory has no such recipient."""
    return "5.4.1 " in reply.text and "recipient address rejected" in reply.text.lower()


def _kind_by_words(text: str) -> RefusalKind | None:
    said = _NOISE.sub(" ", text)
    if _SENDER_WORDS.search(said):
        return POLICY
    if _FULL_WORDS.search(said):
        return OTHER
    mailbox, policy = _MAILBOX_WORDS.search(said), _POLICY_WORDS.search(said)
    if mailbox and policy:
        return OTHER
    if mailbox:
        return MAILBOX
    return POLICY if policy else None
