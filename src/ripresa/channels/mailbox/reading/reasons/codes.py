"""What the codes of a refusal mean, and how they are found in a text.

Sources: RFC 3463 with the registry of RFC 5248 (enhanced codes), RFC 5321 4.2.3, 7504 and 7505 (reply
codes), Microsoft's list of non-delivery reports for what it adds to them.
"""

import re
from collections.abc import Mapping

from ripresa.contracts.feedback import BounceReason

UNKNOWN, DISABLED, FULL = BounceReason.UNKNOWN, BounceReason.DISABLED, BounceReason.FULL
POLICY, CONTENT, EXPIRED = BounceReason.POLICY, BounceReason.CONTENT, BounceReason.EXPIRED
NETWORK, UNCLEAR = BounceReason.NETWORK, BounceReason.UNCLEAR

# The last two numbers of x.y.z. None: the code is used for too many things, the words decide.
_BY_STATUS: Mapping[str, BounceReason | None] = {
    "1.0": None,
    "1.1": UNKNOWN,  # no such mailbox
    "1.2": UNKNOWN,  # no such domain
    "1.3": UNKNOWN,  # an address that cannot be
    "1.4": UNCLEAR,  # ambiguous
    "1.6": DISABLED,  # moved, no forwarding address
    "1.7": POLICY,  # the sender's address is badly written
    "1.8": POLICY,  # the sender's domain is bad
    "1.9": UNCLEAR,  # relayed to a system that tells nothing
    "1.10": UNKNOWN,  # null MX; Microsoft: no such recipient
    "1.351": UNKNOWN,  # Microsoft: the server behind says so
    "2.0": None,
    "2.1": DISABLED,
    "2.2": FULL,
    "2.3": CONTENT,  # longer than this mailbox takes
    "2.4": UNCLEAR,  # expansion of a mailing list
    "3.1": FULL,  # the system's disk
    "3.2": NETWORK,  # takes no messages now
    "3.4": CONTENT,  # too big for the system
    "4.0": NETWORK,
    "4.1": NETWORK,  # no answer from the host
    "4.2": NETWORK,  # bad connection
    "4.3": NETWORK,  # directory server failed
    "4.4": NETWORK,  # unable to route
    "4.5": NETWORK,  # congestion
    "4.6": NETWORK,  # loop
    "4.7": EXPIRED,  # delivery time expired
    "4.310": UNKNOWN,  # Microsoft: the domain does not exist
    "5.3": UNCLEAR,  # too many recipients
    "6.0": CONTENT,
    "7.2": UNCLEAR,  # a list that is not open to us
    "7.13": DISABLED,  # user account disabled
    "7.17": UNKNOWN,  # the mailbox now belongs to someone else (RFC 7293)
    "7.18": UNKNOWN,  # the domain does
    "7.27": UNKNOWN,  # as sendmail says it of a host with a null MX; RFC 7505 says it of the sender
    # Microsoft: a group, or a recipient who takes mail from chosen senders only.
    "7.124": UNCLEAR,
    "7.129": UNCLEAR,
    "7.133": UNCLEAR,
    "7.134": UNCLEAR,
    "7.135": UNCLEAR,
    "7.136": UNCLEAR,
}
# The middle number of x.y.z, where _BY_STATUS has no line.
_BY_SUBJECT: Mapping[str, BounceReason | None] = {
    "0": None,
    "1": None,
    "2": None,
    "3": None,  # the receiving system
    "4": NETWORK,  # network and routing
    "5": None,  # protocol; some answer unknown users with 5.5.0
    "6": CONTENT,  # the content can't be converted or carried
    "7": POLICY,  # security and policy
}
_BY_REPLY: Mapping[str, BounceReason] = {
    "421": NETWORK,
    "422": FULL,
    "452": FULL,
    "523": CONTENT,
    "551": DISABLED,  # not local, and not forwarded
    "552": FULL,
}
# The host, the domain takes no mail, and never will (RFC 7504): said by nothing else, so it goes first.
_NO_MAIL_AT_ALL = frozenset({"521", "556"})

# An enhanced code, and not part of an IP address, a version or a date.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,4})(?![\d]*\.?\d)")
# A reply code that stands where replies begin, or beside an enhanced code.
_REPLY = re.compile(
    r"(?:^|[\s;:>\"'\[(,])(?:SMTP |error |code )?([245][0-5]\d)(?=[\s\-:;,\])'\"<.]|$)",
    re.IGNORECASE,
)
_UNSAID = re.compile(r"[245]\.0\.0+$|[245]\.0$")


def find_status(text: str) -> str:
    """The first enhanced code that says something, else the first one at all, else empty."""
    found = ["{}.{}.{}".format(*match) for match in _STATUS.findall(text[:4000])]
    for status in found:
        if not _UNSAID.search(status):
            return status
    return found[0] if found else ""


def find_reply(text: str) -> str:
    """The first reply code (RFC 5321) of a refusal in a text, or empty."""
    for match in _REPLY.finditer(text[:4000]):
        if match[1][0] in "45":
            return match[1]
    return ""


def reason_by_codes(status: str, reply: str) -> BounceReason | None:
    """What the codes alone say; None: nothing that could be told."""
    if reply in _NO_MAIL_AT_ALL:
        return UNKNOWN
    if status:
        _, _, rest = status.partition(".")
        subject = rest.partition(".")[0]
        reason = _BY_STATUS.get(rest, _BY_SUBJECT.get(subject))
        if reason is not None:
            return reason
    return _BY_REPLY.get(reply)
