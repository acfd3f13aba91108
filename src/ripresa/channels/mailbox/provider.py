"""Mailboxes as providers: how what comes back reaches us, and at which addresses."""

from collections.abc import Mapping

from ripresa.channels.mailbox.addresses import domain_setting
from ripresa.channels.mailbox.channel import MailboxChannel
from ripresa.channels.mailbox.imap_settings import ImapSettings
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting

# By these names the domains are found among the settings of a shop's mailbox.
BOUNCE_DOMAIN, REPLY_DOMAIN = "bounce_domain", "reply_domain"
_DOMAINS = (
    Setting(
        BOUNCE_DOMAIN,
        "the domain whose mail comes here, for bounces: mails leave with b+…@ it as envelope sender",
        default="",
    ),
    Setting(
        REPLY_DOMAIN,
        "the domain whose mail comes here, for answers of customers: they go to r+…@ it",
        default="",
    ),
)


def _open_lmtp(settings: Mapping[str, str]) -> MailboxChannel:
    if not _domains(settings):
        raise BadSettings(
            say("a mailbox needs bounce_domain or reply_domain: nothing else comes to it")
        )
    return MailboxChannel()


def _open_imap(settings: Mapping[str, str]) -> MailboxChannel:
    _domains(settings)
    return MailboxChannel(ImapSettings.from_texts(settings))


def _domains(settings: Mapping[str, str]) -> list[str]:
    found = [domain_setting(name, settings[name]) for name in (BOUNCE_DOMAIN, REPLY_DOMAIN)]
    return [domain for domain in found if domain]


PROVIDERS = (
    Provider(
        name="lmtp",
        label="Mail handed to us by a mail server (LMTP)",
        kind=MessageKind.MAILBOX,
        settings=_DOMAINS,
        open=_open_lmtp,
    ),
    Provider(
        name="imap",
        label="Mail fetched from a mailbox (IMAP)",
        kind=MessageKind.MAILBOX,
        settings=(
            Setting("host", "the IMAP server"),
            Setting("user", "the name to sign in with"),
            Setting("password", "the password", is_secret=True),
            Setting("port", "its port", default=""),
            Setting("tls", "yes, starttls, or none (on this machine only)", default="yes"),
            Setting("folder", "the folder to read", default="INBOX"),
            Setting("move_to", "the folder to put read mails in; empty: they stay", default=""),
            *_DOMAINS,
        ),
        open=_open_imap,
    ),
)
