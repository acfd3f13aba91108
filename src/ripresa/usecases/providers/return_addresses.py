"""At which addresses a shop hears of its mails: bounces (VERP) and answers, each named by the message."""

from dataclasses import dataclass

from ripresa.channels.mailbox.addresses import Use, own_address
from ripresa.channels.mailbox.provider import BOUNCE_DOMAIN, REPLY_DOMAIN
from ripresa.contracts.channel import Mailbox
from ripresa.domain.providers import queries

# A mail service has envelope senders of its own, and tells of bounces by itself.
_OWN_BOUNCES = frozenset({"smtp"})


@dataclass(frozen=True, slots=True)
class ReturnAddresses:
    """The domains of a shop's mailbox; empty where it has none."""

    bounce_domain: str = ""
    reply_domain: str = ""

    def envelope_sender(self, message_key: str, sender: Mailbox) -> str:
        """Where bounces of a mail go."""
        if not self.bounce_domain:
            return sender.address
        return own_address(Use.BOUNCE, message_key, self.bounce_domain)

    def reply_to(
        self, message_key: str, sender: Mailbox, otherwise: Mailbox | None
    ) -> Mailbox | None:
        """Where answers to a mail go, under the name that its reader knows."""
        if not self.reply_domain:
            return otherwise
        name = (otherwise or sender).name
        return Mailbox(name, own_address(Use.REPLY, message_key, self.reply_domain))


def return_addresses(shop_id: int) -> ReturnAddresses:
    """Those of the mailbox a shop has in use."""
    accounts = {one.kind: one for one in queries.active_accounts(shop_id)}
    mailbox, mail = accounts.get("mailbox"), accounts.get("email")
    if mailbox is None or mailbox.paused_at is not None:
        return ReturnAddresses()
    hears_of_bounces = mail is None or mail.provider in _OWN_BOUNCES
    return ReturnAddresses(
        mailbox.settings.get(BOUNCE_DOMAIN, "") if hears_of_bounces else "",
        mailbox.settings.get(REPLY_DOMAIN, ""),
    )
