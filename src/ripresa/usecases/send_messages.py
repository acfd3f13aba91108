"""Send what is due: claim, compose, look again, hand to the provider, record.

The network sits between transactions. Promise 1: an order whose 202 came before the commit that
moved a message from planned to sending is on disk before that commit. The second look (depart.sql)
begins after it, so it sees the order, folded or not, and the message stays. Promise 2: whoever
departs holds the lease (`attempts`); a departure is on disk before the wire. The whole reasoning
is in docs/adr/0003-look-again-after-claiming.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from ripresa.contracts.catalogue import Catalogue, NoCatalogue
from ripresa.contracts.channel import (
    Channel,
    Channels,
    ChannelsOfShops,
    HasPrices,
    OutgoingEmail,
    OutgoingLetter,
    OutgoingSms,
)
from ripresa.domain.messages.links import Letterhead
from ripresa.domain.messages.operations import keep_sources, set_costs
from ripresa.domain.scenarios.plan import AGENT
from ripresa.domain.scenarios.sending import due_messages
from ripresa.domain.shops.models import Shop
from ripresa.usecases.compose_messages import Composed, compose, departure_columns, sources_of
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.letters.setting import store, window_for
from ripresa.usecases.record_fates import give_back, record_fates, skip_claimed
from ripresa.usecases.sending.last_word import LastWord, NoConnections
from ripresa.usecases.sending.pauses import Cause, pause_itself
from ripresa.usecases.sending.turns import Claimed

SEND_TIMEOUT = timedelta(seconds=30)
# Long enough for everything claimed ahead, every connection timing out.
LEASE = timedelta(minutes=10)
# At most about one second of mail is claimed ahead, and never more than this.
MOST_AHEAD = 256
_AHEAD_SECONDS = 1.0
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """Through whom messages leave, and under which address their links stand.

    `lease` in domain time; what the shop says of its items is read through `catalogue`, and what it said
    and says of orders is heard through `word`.
    """

    channels: ChannelsOfShops
    letterhead: Letterhead
    lease: timedelta = LEASE
    timeout: timedelta = SEND_TIMEOUT
    catalogue: Catalogue = field(default_factory=NoCatalogue)
    word: LastWord = field(default_factory=NoConnections)


@dataclass(slots=True)
class _Pace:
    """How many to claim at once: as many as leave in a second, told from the turn before."""

    room: int
    least: int
    passed: set[UUID] = field(default_factory=set)

    def learn(self, seconds: float) -> None:
        """A turn took `seconds`."""
        if seconds < _AHEAD_SECONDS / 2:
            self.room = min(self.room * 2, max(MOST_AHEAD, self.least))
        elif seconds > _AHEAD_SECONDS:
            self.room = max(self.room // 2, self.least)


def send_due(*, shop_id: int, post: Post, now: datetime, seconds: float = _AHEAD_SECONDS) -> int:
    """Decide and send what is due in a shop for about `seconds`; returns how many were decided."""
    on_the_wire = post.channels.of(shop_id, now).email.in_flight
    pace = _Pace(room=2 * on_the_wire, least=on_the_wire)
    begun = monotonic()
    decided = 0
    while True:
        turn = monotonic()
        taken = hand_over(
            shop_id=shop_id, now=now, room=pace.room, lease=post.lease, passed=pace.passed
        )
        pace.passed |= taken.passed
        if taken.claimed:
            send_claimed(shop=taken.shop, claimed=taken.claimed, post=post, now=now)
        if taken.shortages:
            # Only now: who has got one of the last codes, or the last of a budget, still hears of it.
            _pause(shop_id, taken.shortages, now)
        decided += taken.decided
        if not taken.decided and not taken.passed:
            return decided
        if monotonic() - begun > seconds:
            return decided
        pace.learn(monotonic() - turn)


@transaction.atomic
def _pause(shop_id: int, causes: Mapping[UUID, Cause], now: datetime) -> None:
    pause_itself(shop_id=shop_id, causes=causes, now=now)


def send_claimed(*, shop: Shop, claimed: Sequence[Claimed], post: Post, now: datetime) -> None:
    """Send claimed messages, as many at a time as their channel has on the wire at once."""
    shop_id, channels = shop.id, post.channels.of(shop.id, now)
    asked = post.word.ask(shop=shop, claimed=claimed, now=now)
    found = compose(
        shop=shop,
        claimed=[replace(one, facts={**one.facts, **asked}) for one in claimed]
        if asked
        else claimed,
        letterhead=post.letterhead,
        catalogue=post.catalogue,
        window=window_for(shop, channels.letter),
        now=now,
    )
    record_fates(shop_id=shop_id, fates=found.troubles, now=now)
    for reason in {reason for _, reason in found.skipped}:
        skipped = [one for one, why in found.skipped if why is reason]
        skip_claimed(shop_id=shop_id, claimed=skipped, reason=reason, now=now)
    if not post.word.is_read(shop_id=shop_id, now=now):
        give_back(shop_id=shop_id, claimed=[one.claimed for one in found.composed], now=now)
        return
    keep_sources(shop_id=shop_id, sources=sources_of(found.composed))
    for kind, channel, some in _by_channel(found.composed, channels):
        departing = _Departing(shop_id, post.letterhead, channels.accounts.get(kind), now)
        for start in range(0, len(some), channel.in_flight):
            batch = some[start : start + channel.in_flight]
            if kind == "letter":
                store([one.printed for one in batch if one.is_new and one.printed is not None])
            if isinstance(channel, HasPrices):
                _keep_costs(shop_id, batch, channel, post.timeout)
            leaving = _depart(departing, batch)
            if not leaving:
                continue
            fates = channel.send([one.outgoing for one in leaving], timeout=post.timeout)
            record_fates(
                shop_id=shop_id,
                fates=list(zip((one.claimed for one in leaving), fates, strict=True)),
                now=now,
            )


def _keep_costs(
    shop_id: int, batch: Sequence[Composed], channel: HasPrices[Any], timeout: timedelta
) -> None:
    prices = channel.prices([one.outgoing for one in batch], timeout=timeout)
    costs = {
        one.claimed.message.id: price
        for one, price in zip(batch, prices, strict=True)
        if price is not None
    }
    set_costs(shop_id=shop_id, costs=costs)


def _by_channel(
    composed: Sequence[Composed], channels: Channels
) -> list[tuple[str, Channel[Any], list[Composed]]]:
    """Whom each message is handed to; what an agent hears is a mail, unless the shop says otherwise."""
    mails = [one for one in composed if isinstance(one.outgoing, OutgoingEmail)]
    notices = []
    if channels.notice is not None:
        notices = [one for one in mails if one.claimed.message.channel == AGENT]
        mails = [one for one in mails if one.claimed.message.channel != AGENT]
    texts = [one for one in composed if isinstance(one.outgoing, OutgoingSms)]
    letters = [one for one in composed if isinstance(one.outgoing, OutgoingLetter)]
    return [
        ("email", channels.email, mails),
        ("sms", channels.sms, texts),
        ("letter", channels.letter, letters),
        ("notice", channels.notice or channels.email, notices),
    ]


class _Departing(NamedTuple):
    """What is the same for all that leaves by one channel. `account_id`: through whose account."""

    shop_id: int
    letterhead: Letterhead
    account_id: UUID | None
    now: datetime


def _depart(departing: _Departing, composed: Sequence[Composed]) -> list[Composed]:
    """Look again, and mark what leaves; what changed since the claim is planned again."""
    shop_id, letterhead, account_id, now = departing
    rows = due_messages.run(
        "depart",
        shop_id=shop_id,
        now=now,
        account_id=account_id,
        ids=[one.claimed.message.id for one in composed],
        attempts=[one.claimed.attempts for one in composed],
        titles=[one.words.subject for one in composed],
        ordered_sinces=[_ordered_since(one.claimed) for one in composed],
        addresses=[one.claimed.message.address for one in composed],
        consents=[one.claimed.message.consent for one in composed],
        deals=[one.claimed.deal for one in composed],
        **departure_columns(composed, letterhead, shop_id, now),
    )
    gone = {message_id for (message_id,) in rows}
    give_back(
        shop_id=shop_id,
        claimed=[one.claimed for one in composed if one.claimed.message.id not in gone],
        now=now,
    )
    return [one for one in composed if one.claimed.message.id in gone]


def _ordered_since(claimed: Claimed) -> datetime | None:
    """An order placed after this one must be weighed first; None: the plan does not ask."""
    message = claimed.message
    is_reminder = message.is_by_hand or (message.is_of_campaign and message.is_reminder)
    if claimed.plan.not_after_order is None and not is_reminder:
        return None
    return claimed.message.latest_order_at or _LONG_AGO
