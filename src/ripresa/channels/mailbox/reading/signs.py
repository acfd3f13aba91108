"""The signs by which mails of machines are known, by the lists of signs.toml."""

import re
import tomllib
from functools import cache
from importlib import resources

from ripresa.channels.mailbox.reading.addresses import find_address
from ripresa.channels.mailbox.reading.mail import Mail
from ripresa.channels.mailbox.reading.reasons.codes import find_reply

_LONGEST = 4000
# What programs put before the subject that they answer.
_ANSWER = re.compile(r"^\W*(?:(?:re|aw|sv|r|fwd?):\W*){0,3}", re.IGNORECASE)
_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-vacation",
    "x-mail-autoreply",
)
_AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply"})


def is_from_mail_system(mail: Mail) -> bool:
    """True when the sender is a mail system rather than a person or a shop."""
    sender = mail.header("from")
    local = _local_part(sender)
    return bool(_signs("daemon_local_parts").match(local) or _signs("daemon_names").search(sender))


def is_from_nobody(mail: Mail) -> bool:
    """True when nobody is meant to answer: an empty Return-Path (RFC 3834), or a name that says so."""
    empty = any(value.strip() == "<>" for value in mail.headers.get("return-path", ()))
    return empty or bool(_signs("nobody_local_parts").match(_local_part(mail.header("from"))))


def has_failure_subject(mail: Mail) -> bool:
    """True when the subject speaks of a failed delivery, and of no automatic reply to such a subject."""
    subject = mail.header("subject")
    return bool(_signs("failure_subjects").search(subject)) and not _is_automatic_subject(subject)


def says_failure(mail: Mail) -> bool:
    """True when the subject, or for want of a telling one the text, speaks of a failed delivery."""
    if has_failure_subject(mail):
        return True
    text = mail.text[:_LONGEST]
    return bool(_signs("failure_texts").search(text) or find_reply(text))


@cache
def _signs(name: str) -> re.Pattern[str]:
    source = resources.files(__package__).joinpath("signs.toml").read_text(encoding="utf-8")
    return re.compile("|".join(tomllib.loads(source)[name]), re.IGNORECASE)


def _is_automatic_subject(subject: str) -> bool:
    return bool(_signs("automatic_subjects").match(_ANSWER.sub("", subject)))


def _local_part(sender: str) -> str:
    return (find_address(sender) or sender).strip(" <>\"'").partition("@")[0]


def is_automatic(mail: Mail) -> bool:
    """True when a machine wrote the mail by itself: vacation, receipt of a form, a notice."""
    submitted = mail.header("auto-submitted").lower().partition(";")[0].strip()
    return submitted not in ("", "no") or is_vacation(mail)


def is_vacation(mail: Mail) -> bool:
    """True when headers or subject are those of an automatic reply, and of nothing else."""
    if any(mail.header(name).lower() not in ("", "no") for name in _AUTO_HEADERS):
        return True
    if mail.header("precedence").lower() in _AUTO_PRECEDENCE:
        return True
    return _is_automatic_subject(mail.header("subject"))
