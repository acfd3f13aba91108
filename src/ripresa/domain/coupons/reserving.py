"""One reservation at work: look at what is known, take from the pools, write down who got what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Self
from uuid import UUID

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.coupons.minting import GOOD_FOR
from ripresa.domain.coupons.rules import (
    NoCoupon,
    Place,
    Reserved,
    Shortage,
    Wish,
    capped,
    ends_at,
    needed_until,
    short,
)
from ripresa.domain.webhooks.telling import tell

run = partial(query.run, "ripresa.domain.coupons")


class _Pool(NamedTuple):
    name: str
    id: UUID
    static_code: str | None
    expires_at: datetime | None
    trouble: str | None  # of one that the shop fills; None: it does not
    is_refused: bool | None
    made_for: timedelta | None  # what codes of the shop are good for; None: they have no end


class _Code(NamedTuple):
    """A code out of a pool, with its own end. `id` None: a static code, which stays in the pool."""

    id: UUID | None
    text: str
    expires_at: datetime | None
    checked_at: datetime | None = None


class _Issue(NamedTuple):
    wish: Wish
    pool: _Pool
    code: _Code
    expires_at: datetime | None


@dataclass(slots=True)
class Counter:
    """Where wishes are answered: what was found when it opened, and what was answered so far."""

    shop_id: int
    now: datetime
    pools: dict[str, _Pool]
    held: dict[Place, tuple[str, datetime | None]]
    latest: dict[UUID, datetime]
    answers: dict[UUID, Reserved | NoCoupon] = field(default_factory=dict)

    @classmethod
    def open(cls, shop_id: int, wishes: Sequence[Wish], now: datetime) -> Self:
        """A counter that knows the pools, the steps that have a code, and when people got one."""
        names = sorted({wish.pool for wish in wishes if wish.pool is not None})
        pools = run("pools_by_name", shop_id=shop_id, names=names) if names else []
        held = run(
            "issues_of_steps", shop_id=shop_id, **columns_of({wish.place for wish in wishes})
        )
        asked = sorted({wish.contact_id for wish in wishes if wish.one_per is not None})
        latest = run("latest_issues", shop_id=shop_id, contact_ids=asked) if asked else []
        return cls(
            shop_id,
            now,
            {row[0]: _Pool._make(row) for row in pools},
            {(kind, origin, step): (code, end) for kind, origin, step, code, end in held},
            dict(latest),
        )

    def serve(self, wishes: Sequence[Wish]) -> None:
        """Answer wishes, one a person."""
        wanted: dict[tuple[_Pool, datetime], list[Wish]] = defaultdict(list)
        for wish in wishes:
            found = self._look(wish)
            if isinstance(found, _Pool):
                wanted[found, needed_until(wish, now=self.now)].append(wish)
            else:
                self.answers[wish.key] = found
        issues: list[_Issue] = []
        for (pool, until), some in wanted.items():
            issues += self._take(pool, until, some)
        self._write_down(issues)

    def _look(self, wish: Wish) -> Reserved | NoCoupon | _Pool:
        """The answer that needs no code to be taken; else the pool to take from."""
        if (held := self.held.get(wish.place)) is not None:
            code, end = held
            if end is not None and end <= self.now:
                return short(wish.pool, Shortage.LAPSED)
            return Reserved(code, end, is_new=False)
        if wish.is_repeat:
            return short(wish.pool, Shortage.NOT_GIVEN)
        if wish.pool is None:
            return short(None, Shortage.CANNOT_MINT)
        if (pool := self.pools.get(wish.pool)) is None:
            return short(wish.pool, Shortage.NO_POOL)
        return capped(wish, self.latest.get(wish.contact_id), now=self.now) or pool

    def _take(self, pool: _Pool, until: datetime, wishes: list[Wish]) -> list[_Issue]:
        """Codes for `wishes` as far as they reach; the others are answered."""
        if pool.static_code is not None:
            codes, shortage = self._shared(pool, pool.static_code, until, len(wishes))
        else:
            codes, shortage = self._own(pool, until, len(wishes))
        for wish in wishes[len(codes) :]:
            self.answers[wish.key] = short(pool.name, shortage, pool.trouble)
        return [
            _Issue(wish, pool, code, ends_at(wish, code.expires_at, now=self.now))
            for wish, code in zip(wishes, codes, strict=False)
        ]

    def _shared(
        self, pool: _Pool, text: str, until: datetime, count: int
    ) -> tuple[list[_Code], Shortage]:
        """The code of a static pool for everybody, or for nobody."""
        end = pool.expires_at
        if end is None or (end > self.now and end >= until):
            return [_Code(None, text, end)] * count, Shortage.USED_UP
        return [], Shortage.TOO_SHORT if end > self.now else Shortage.ENDED

    def _own(self, pool: _Pool, until: datetime, count: int) -> tuple[list[_Code], Shortage]:
        """A code each out of a dynamic pool."""
        at = {"shop_id": self.shop_id, "pool_id": pool.id, "until": until, "now": self.now}
        at["checked_since"] = self.now - GOOD_FOR
        codes = [_Code._make(row) for row in run("take_codes", count=count, **at)]
        if len(codes) == count:
            return codes, Shortage.USED_UP
        [(some_are_held, some_end_before)] = run("why_codes_are_short", **at)
        if some_are_held:
            return codes, Shortage.BUSY
        is_long = pool.made_for is None or until <= self.now + pool.made_for
        if pool.trouble is not None and is_long:
            return codes, Shortage.CANNOT_MINT if pool.is_refused else Shortage.BEING_MADE
        return codes, Shortage.TOO_SHORT if some_end_before else Shortage.USED_UP

    def _write_down(self, issues: Sequence[_Issue]) -> None:
        if not issues:
            return
        run(
            "add_issues",
            shop_id=self.shop_id,
            now=self.now,
            ids=[new_id(self.now) for _ in issues],
            pool_ids=[one.pool.id for one in issues],
            code_ids=[one.code.id for one in issues],
            codes=[one.code.text for one in issues],
            contact_ids=[one.wish.contact_id for one in issues],
            expires_ats=[one.expires_at for one in issues],
            **columns_of([one.wish.place for one in issues]),
        )
        tell(
            shop_id=self.shop_id,
            types=[HappeningType.COUPON_GIVEN],
            happened=lambda: [_given(one, self.now) for one in issues],
            now=self.now,
        )
        for one in issues:
            self.answers[one.wish.key] = Reserved(
                one.code.text, one.expires_at, is_new=True, checked=_checked(one)
            )
            self.held[one.wish.place] = (one.code.text, one.expires_at)
            self.latest[one.wish.contact_id] = self.now


def _checked(issue: _Issue) -> str:
    if issue.pool.trouble is None:
        return ""
    at = issue.code.checked_at
    return "no: the shop can't say whether a code stands" if at is None else at.isoformat()


def _given(issue: _Issue, now: datetime) -> Happening:
    origin, _, step = issue.wish.place
    facts = {
        "code": issue.code.text,
        "pool": issue.pool.name,
        "origin": origin,
        "step": step,
        "expires_at": issue.expires_at,
    }
    contact = issue.wish.contact_id
    return Happening(HappeningType.COUPON_GIVEN, contact, now, facts, contact_id=contact)


def one_each(wishes: Sequence[Wish]) -> tuple[list[Wish], list[Wish]]:
    """The first wish of each person, and all that come after."""
    first: dict[UUID, Wish] = {}
    later = [wish for wish in wishes if first.setdefault(wish.contact_id, wish) is not wish]
    return list(first.values()), later


def columns_of(places: Iterable[Place]) -> dict[str, list[Any]]:
    """Steps of origins as the columns that statements take."""
    kinds, origin_ids, steps = zip(*places, strict=True)
    return {"kinds": list(kinds), "origin_ids": list(origin_ids), "steps": list(steps)}
