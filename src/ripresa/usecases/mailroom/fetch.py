"""Fetch what is new in shops' mailboxes (IMAP), and store it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ripresa.channels.mailbox.channel import MailboxChannel
from ripresa.channels.mailbox.imap import Fetched, Folder, open_folder
from ripresa.channels.mailbox.imap_settings import ImapSettings
from ripresa.domain.mailroom import operations
from ripresa.domain.mailroom.operations import Arrived
from ripresa.domain.providers.models import ProviderAccount
from ripresa.usecases.providers.provider_accounts import Accounts

TIMEOUT = timedelta(seconds=60)

_log = structlog.get_logger("ripresa.mailroom")


def mailboxes() -> list[ProviderAccount]:
    """The mailboxes to fetch from, of all shops."""
    found = ProviderAccount.objects.filter(
        kind="mailbox", provider="imap", is_active=True, paused_at__isnull=True
    )
    return list(found.order_by("shop_id"))


def fetch(account: ProviderAccount, accounts: Accounts, *, now: datetime) -> int:
    """Store what is new in a mailbox; returns how many mails that was.

    Raises MailboxAway, BadSettings and CannotOpen: what was stored until then stays.
    """
    channel = accounts.open(account)
    if not isinstance(channel, MailboxChannel) or channel.imap is None:
        return 0
    with open_folder(channel.imap, TIMEOUT) as folder:
        return sum(
            _store(account, channel.imap, folder, batch, now)
            for batch in _new_in(account, channel.imap, folder)
        )


def _new_in(
    account: ProviderAccount, imap: ImapSettings, folder: Folder
) -> Iterable[list[Fetched]]:
    known = operations.position_of(
        shop_id=account.shop_id,
        account_id=account.id,
        folder=imap.folder,
        uid_validity=folder.uid_validity,
    )
    return folder.newer_than(known)


def _store(
    account: ProviderAccount,
    imap: ImapSettings,
    folder: Folder,
    batch: Sequence[Fetched],
    now: datetime,
) -> int:
    mails = [Arrived(str(account.id), "", "", one.raw) for one in batch if one.raw is not None]
    if len(mails) < len(batch):
        _log.warning("mails too large to be read stay where they are", account=account.name)
    with transaction.atomic():
        operations.store(shop_id=account.shop_id, mails=mails, now=now)
        operations.move_position(
            shop_id=account.shop_id,
            account_id=account.id,
            folder=imap.folder,
            uid_validity=folder.uid_validity,
            uid=batch[-1].uid,
        )
    # Only what is on disk here is put away there.
    folder.put_away([one.uid for one in batch if one.raw is not None])
    return len(mails)
