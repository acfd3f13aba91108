"""What comes back of letters: by post, by a person's word, and from a folder that was printed from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from ripresa.contracts.channel import ChannelsOfShops
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.contracts.letters.abilities import TellsWhenAsked
from ripresa.domain.messages.links import Letterhead, read_letter_code
from ripresa.domain.messages.models import MessageLetter
from ripresa.domain.providers.queries import shops_with_accounts
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.record_feedback import record_feedback

_BY_HAND = Source("letters by hand", "letter")
# A folder is looked at so often; people who print move files by hand.
_EVERY = timedelta(minutes=1)


class NoSuchLetter(Exception):
    """No letter of the shop bears that code."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters that came back are taken down."""

    shop_id: int
    letterhead: Letterhead
    now: datetime

    def returned(self, codes: Sequence[str]) -> int:
        """Letters that the post brought back: their addresses get no more. Returns how many are new.

        Raises NoSuchLetter for the first code that is none, before anything is taken down.
        """
        return self._tell(codes, "returned", FeedbackKind.BOUNCED)

    def opted_out(self, codes: Sequence[str]) -> int:
        """People who asked for no more letters. As `returned`."""
        return self._tell(codes, "opted out", FeedbackKind.UNSUBSCRIBED)

    def _tell(self, codes: Sequence[str], what: str, kind: FeedbackKind) -> int:
        letters = {self._letter(code) for code in codes}
        is_bounce = kind is FeedbackKind.BOUNCED
        told = [
            Feedback(
                kind,
                f"{what} {message_id}",
                self.now,
                message_key=self.letterhead.message_key(self.shop_id, message_id),
                reason=BounceReason.UNKNOWN if is_bounce else None,
                is_permanent=is_bounce,
                detail=f"{what} by post" if is_bounce else "asked for no more letters",
            )
            for message_id in sorted(letters)
        ]
        record_feedback(
            shop_id=self.shop_id,
            source=_BY_HAND,
            told=told,
            letterhead=self.letterhead,
            now=self.now,
        )
        return len(told)

    def _letter(self, typed: str) -> UUID:
        code = read_letter_code(typed)
        found = MessageLetter.objects.filter(shop_id=self.shop_id, code=code).values_list("id")
        if not code or (row := found.first()) is None:
            raise NoSuchLetter(f"no letter of this shop bears the code {typed!r}")
        message_id: UUID = row[0]
        return message_id


@dataclass
class Receipts:
    """Asks providers that do not call by themselves what became of letters."""

    channels: ChannelsOfShops
    letterhead: Letterhead
    _looked: dict[int, datetime] = field(default_factory=dict)

    def shops_to_ask(self, now: datetime) -> list[int]:
        """The shops with a provider of letters that were not looked at for a minute."""
        return [one for one in shops_with_accounts("letter") if not self._was_asked(one, now)]

    def ask(self, *, shop_id: int, now: datetime) -> int:
        """Take down what a shop's provider tells; returns how much that was."""
        self._looked[shop_id] = now
        channels = self.channels.of(shop_id, now)
        channel, account_id = channels.letter, channels.accounts.get("letter")
        if account_id is None or not isinstance(channel, TellsWhenAsked):
            return 0
        told = channel.hear()
        if told:
            record_feedback(
                shop_id=shop_id,
                source=Source(str(account_id), "letter", account_id),
                told=told,
                letterhead=self.letterhead,
                now=now,
            )
            channel.heard()
        return len(told)

    def _was_asked(self, shop_id: int, now: datetime) -> bool:
        looked = self._looked.get(shop_id)
        # A clock that was set back is no reason to wait.
        return looked is not None and looked <= now < looked + _EVERY
