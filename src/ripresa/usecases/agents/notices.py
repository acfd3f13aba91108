"""Notices to agents: posted where the shop wants them, and by mail where nobody takes them there.

The rule: what is not surely taken over is mailed at once. Told twice is better than not told, and it is an
agent who hears it, never a customer.
"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic

import structlog

from ripresa.contracts.channel import (
    Accepted,
    Channel,
    Fate,
    OutgoingEmail,
    OutgoingNotice,
    RefusalKind,
    Refused,
)

_log = structlog.get_logger("ripresa.notices")
# Of the time that there is, for posting; the rest is for mailing.
_SHARE = 0.5


class NoticeOrMail:
    """A `Channel` of the mails that agents get: each is posted by `notices`, else sent by `mail`.

    Neither channel is closed here.
    """

    def __init__(
        self,
        notices: Channel[OutgoingNotice],
        mail: Channel[OutgoingEmail],
        *,
        own_addresses: Sequence[str],
        broken: Callable[[str], None],
    ) -> None:
        """`own_addresses`: where our links begin; each opens something to whoever has it: none is posted.

        `broken` hears why nothing can be posted until someone mends it.
        """
        self.name = notices.name
        self.is_real = notices.is_real
        self.in_flight = min(notices.in_flight, mail.in_flight)
        self._notices = notices
        self._mail = mail
        self._own_addresses = tuple(own_addresses)
        self._broken = broken

    def send(self, batch: Sequence[OutgoingEmail], *, timeout: timedelta) -> list[Fate]:
        """Post `batch`, and mail what was not taken; see Channel."""
        if not batch:
            return []
        began = monotonic()
        posted = [notice_of(one, self._own_addresses) for one in batch]
        fates = self._notices.send(posted, timeout=timeout * _SHARE)
        for fate in fates:
            if isinstance(fate, Refused) and fate.kind is RefusalKind.POLICY:
                self._broken(fate.detail)
                break
        left = [place for place, fate in enumerate(fates) if not isinstance(fate, Accepted)]
        if left:
            _log.warning("notices go by mail", channel=self.name, number=len(left))
            rest = timeout - timedelta(seconds=monotonic() - began)
            mailed = self._mail.send([batch[place] for place in left], timeout=rest)
            for place, fate in zip(left, mailed, strict=True):
                fates[place] = fate
        return fates

    def close(self) -> None:
        """Whoever opened the channels closes them."""


def notice_of(mail: OutgoingEmail, own_addresses: Sequence[str]) -> OutgoingNotice:
    """The same words, without links of ours."""
    return OutgoingNotice(
        idempotency_key=mail.message_key,
        recipient=mail.recipient,
        subject=_without_links(mail.subject, own_addresses),
        text=_without_links(mail.text, own_addresses),
        language=mail.language,
        sent_at_epoch=mail.sent_at_epoch,
    )


def _without_links(text: str, own_addresses: Sequence[str]) -> str:
    for address in own_addresses:
        text = re.sub(rf"{re.escape(address)}/\S*", "[…]", text)
    return text
