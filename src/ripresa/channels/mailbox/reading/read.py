"""What one mail is: the only way into this package.

In this order: a feedback report; a delivery report for machines; a bounce written for people, which needs a
mail system as sender and words of failure; an automatic reply; else it is somebody's mail.
"""

from dataclasses import replace

from ripresa.channels.mailbox.reading.complaint import is_complaint, read_complaint
from ripresa.channels.mailbox.reading.mail import Mail, parse_mail
from ripresa.channels.mailbox.reading.reasons.judge import judge
from ripresa.channels.mailbox.reading.report import read_report
from ripresa.channels.mailbox.reading.ses_event import read_ses_event
from ripresa.channels.mailbox.reading.signs import (
    is_automatic,
    is_from_mail_system,
    is_from_nobody,
    is_vacation,
    says_failure,
)
from ripresa.channels.mailbox.reading.transcript import read_transcript, told_of
from ripresa.channels.mailbox.reading.values import Action, Evidence, Heard, MailKind, Reading


def read_mail(raw: bytes) -> Reading:
    """What a mail is, as it came over the wire. Raises NotAMail."""
    return read_parsed(parse_mail(raw))


def read_parsed(mail: Mail) -> Reading:
    """What a mail that was taken apart is."""
    complaint = read_complaint(mail)
    if complaint is not None:
        kind, heard = complaint
        taken = MailKind.COMPLAINT if is_complaint(kind) else MailKind.OTHER
        return Reading(taken, heard, complaint=kind, original=mail.original)
    evidence = _evidence(mail)
    if evidence:
        heard = tuple(judge(each) for each in evidence)
        return Reading(_kind(heard), heard, original=mail.original)
    kind = MailKind.AUTO_REPLY if is_automatic(mail) else MailKind.OTHER
    return Reading(kind, original=mail.original)


def _evidence(mail: Mail) -> list[Evidence]:
    if mail.report:
        found = read_report(mail.report)
        if found:
            return _with_text(mail, found)
    told = read_ses_event(mail.text)
    if told:
        return told
    if not _is_bounce_for_people(mail):
        return []
    found = read_report(mail.text)
    if found:
        return _with_text(mail, found)
    return read_transcript(mail)


def _is_bounce_for_people(mail: Mail) -> bool:
    if mail.report or mail.headers.get("x-failed-recipients"):
        return True
    if is_from_mail_system(mail) or mail.report_type == "delivery-status":
        return says_failure(mail)
    # Nobody to answer, words of failure and the mail that came back: a system with a name of its own.
    return (
        is_from_nobody(mail) and mail.has_original and says_failure(mail) and not is_vacation(mail)
    )


def _with_text(mail: Mail, found: list[Evidence]) -> list[Evidence]:
    """The same with what the text for people adds: often only there stands what was refused."""
    is_alone = len(found) == 1
    return [
        replace(each, told=f"{each.told}\n{told_of(mail, each.address, is_alone=is_alone)}".strip())
        for each in found
    ]


def _kind(heard: tuple[Heard, ...]) -> MailKind:
    """A report of nothing but deliveries is no bounce."""
    delivered = all(each.action is Action.DELIVERED for each in heard)
    return MailKind.OTHER if delivered else MailKind.BOUNCE
