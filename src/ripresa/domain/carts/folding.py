"""Fold a batch into the cart tables.

Two ways, one machine (`household.Household`). The short way starts from the stored cart and adds
what is newer; it is taken where nothing but that can have changed. Everything else (orders, late
events, people who turned out to be someone else) takes the long way: the whole household again, from
its activity.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.carts import batch as batches
from ripresa.domain.carts import orders
from ripresa.domain.carts.attaching import Attacher
from ripresa.domain.carts.batch import CartBatch
from ripresa.domain.carts.household import Household
from ripresa.domain.carts.rows import CartRow
from ripresa.domain.carts.rules import (
    Activity,
    CartFold,
    CartState,
    Clockwork,
    Purchase,
    Token,
)
from ripresa.domain.carts.writing import Folded, Work, write
from ripresa.domain.contacts.people import People

run = partial(query.run, "ripresa.domain.carts")

# Households are played together up to this many keys. One that is larger by itself is no household but a
# shared number or a kiosk: it is cut off there.
MAX_KEYS = 20_000
# Orders that are no purchase by a shopper: they close nothing and count nowhere (CAP-9).
NO_PURCHASE = frozenset({"draft", "renewal"})
# How the tokens of carts begin that we make ourselves, to see whether one arrives: tests, all of them.
PROBE = "ripresa-probe-"
_MICROSECOND = timedelta(microseconds=1)


def fold(
    *, shop_id: int, batch: CartBatch, people: People, clockwork: Clockwork, now: datetime
) -> Folded:
    """Write the batch's carts, abandonments, orders and refunds. The people concerned are locked."""
    _move_after_regrouping(shop_id, people)
    order_keys = orders.store(shop_id=shop_id, batch=batch, contact_of=people.contact_of, now=now)
    news = _keep(shop_id, batch, now)
    work = Work(shop_id, clockwork, now)
    known = set(order_keys) | _stirred_keys(shop_id, people)
    known |= {f"token:{token}" for token in _visited(shop_id, people)}
    late = [_keys_of_late(token, news[token]) for token in _late(work, news)]
    _go_long_way(work, [*late, *({key} for key in known)], news)
    _go_short_way(
        work, {token: events for token, events in news.items() if token not in work.refolded}
    )
    return write(work)


def _move_after_regrouping(shop_id: int, people: People) -> None:
    if people.moved_keys:
        ids = sorted(people.stirred | people.emptied)
        run("move_to_contacts", shop_id=shop_id, ids=ids)
        run("move_orders", shop_id=shop_id, ids=ids)


def _keep(shop_id: int, batch: CartBatch, now: datetime) -> dict[Token, list[Activity]]:
    """Store the activity; returns what was new, by token, in the order in which it happened."""
    events = sorted(batch.activities, key=lambda event: (event.token, event.at, event.event_id))
    if not events:
        return {}
    new = set(
        run(
            "add_activity",
            shop_id=shop_id,
            ids=[new_id(now) for _ in events],
            sources=[event.token[0] for event in events],
            tokens=[event.token[1] for event in events],
            instants=[event.at for event in events],
            events=[event.event_id for event in events],
            kinds=[event.kind.value for event in events],
            payloads=[batches.pack(event) for event in events],
        )
    )
    fresh = {
        (*event.token, event.at, event.event_id): event
        for event in events
        if (*event.token, event.at, event.event_id) in new
    }
    return {
        token: list(some) for token, some in groupby(fresh.values(), key=lambda event: event.token)
    }


def _stirred_keys(shop_id: int, people: People) -> set[str]:
    if not people.stirred:
        return set()
    rows = run("keys_of_contacts", shop_id=shop_id, ids=sorted(people.stirred))
    return {key for (key,) in rows}


def _visited(shop_id: int, people: People) -> set[str]:
    """Carts that already stand and about whose person something is new."""
    tokens = {visit.removeprefix("token:") for visit in people.visits if visit.startswith("token:")}
    visitors = [
        visit.removeprefix("visitor:") for visit in people.visits if visit.startswith("visitor:")
    ]
    if visitors:
        tokens |= {
            token for (token,) in run("tokens_of_visitors", shop_id=shop_id, visitors=visitors)
        }
    tokens |= {
        visit.removeprefix("token:")
        for (visit,) in run("contested_visits", shop_id=shop_id, visits=sorted(people.seen_tokens))
    }
    if not tokens:
        return set()
    return {token for _, token in _standing(shop_id, tokens)}


def _standing(shop_id: int, names: Iterable[str]) -> list[Token]:
    """The tokens of these names under which carts are stored, or went on."""
    tokens = sorted(names)
    visits = [f"token:{token}" for token in tokens]
    return run("sources_of_tokens", shop_id=shop_id, tokens=tokens, visits=visits)


def _current(shop_id: int, tokens: Iterable[Token]) -> list[CartRow]:
    listed = sorted(tokens)
    if not listed:
        return []
    rows = run(
        "current_carts",
        shop_id=shop_id,
        sources=[source for source, _ in listed],
        tokens=[token for _, token in listed],
    )
    return [CartRow(*row) for row in rows]


def _late(work: Work, news: dict[Token, list[Activity]]) -> set[Token]:
    """Tokens whose news are older than what is known of them, or than an order that may end them."""
    if not news:
        return set()
    late: set[Token] = set()
    for row in _current(work.shop_id, news):
        work.before[row.at] = row
        first = news[(row.source, row.token)][0]
        # What the clock or an order found before is taken back where this happened earlier.
        found = max((at for at in (row.abandoned_at, row.ended_at) if at), default=None)
        if (first.at, first.event_id) < (row.newest_at, row.newest_event) or (
            found is not None and first.at <= found
        ):
            late.add((row.source, row.token))
    rows = sorted(
        {
            (token[1], events[0].at, event.visitor_id, event.checkout_id)
            for token, events in news.items()
            for event in events
        },
        key=str,
    )
    overtaken = run(
        "tokens_with_later_orders",
        shop_id=work.shop_id,
        tokens=[row[0] for row in rows],
        since=[row[1] for row in rows],
        visitors=[row[2] for row in rows],
        checkouts=[row[3] for row in rows],
    )
    names = {token for (token,) in overtaken}
    return late | {token for token in news if token[1] in names}


def _keys_of_late(token: Token, events: list[Activity]) -> set[str]:
    """A cart that has no row yet leads nowhere by itself: its events say where to look."""
    keys = {f"token:{token[1]}"}
    keys |= {f"token:{event.restored_from}" for event in events if event.restored_from}
    keys |= {f"visitor:{event.visitor_id}" for event in events if event.visitor_id}
    return keys | {f"checkout:{event.checkout_id}" for event in events if event.checkout_id}


def _go_short_way(work: Work, news: dict[Token, list[Activity]]) -> None:
    if not news:
        return
    started = {
        (row.source, row.token): row
        for row in work.before.values()
        if (row.source, row.token) in news
    }
    visitors = {
        token: {event.visitor_id for event in events if event.visitor_id}
        for token, events in news.items()
    }
    for token, row in started.items():
        if row.visitor_id:
            visitors[token].add(row.visitor_id)
    people = Attacher(work.shop_id, visitors)
    household = Household(news, people, work.clockwork, [row.thawed() for row in started.values()])
    household.play([event for events in news.values() for event in events], [])
    _settle(work, household, people)
    _collect(work, household, people)


def _go_long_way(work: Work, starts: list[set[str]], news: dict[Token, list[Activity]]) -> None:
    for keys in _households(work.shop_id, starts):
        _play_again(work, keys, news)


def _play_again(work: Work, keys: set[str], news: dict[Token, list[Activity]]) -> None:
    names = {key.removeprefix("token:") for key in keys if key.startswith("token:")}
    here = {token for token in news if token[1] in names}
    here |= {
        (token[0], event.restored_from)
        for token in here
        for event in news[token]
        if event.restored_from is not None
    }
    tokens = sorted({*_standing(work.shop_id, names), *here} - work.refolded)
    columns = {
        "sources": [source for source, _ in tokens],
        "tokens": [token for _, token in tokens],
    }
    rows = run("all_carts", shop_id=work.shop_id, **columns)
    work.before.update({row.at: row for row in (CartRow(*some) for some in rows)})
    activities = sorted(
        (
            batches.unpack((source, token), at, event_id, kind, payload)
            for source, token, at, event_id, kind, payload in run(
                "activity_of_tokens", shop_id=work.shop_id, **columns
            )
        ),
        key=lambda event: (event.at, event.event_id),
    )
    purchases, tests = _purchases(work.shop_id, keys)
    visitors: dict[Token, set[str]] = {token: set() for token in tokens}
    for event in activities:
        if event.visitor_id:
            visitors[event.token].add(event.visitor_id)
    people = Attacher(work.shop_id, visitors)
    household = Household(tokens, people, work.clockwork)
    household.play(activities, purchases)
    work.refolded |= set(tokens)
    work.orders += [order.id for order in purchases]
    _settle(work, household, people)
    _mark_tests(work, household, tests)
    _collect(work, household, people)


def _households(shop_id: int, starts: list[set[str]]) -> list[set[str]]:
    """The keys of the households that these belong to: whole households, some at a time.

    An order played without its own carts would end others. So what is too much together is halved, down to
    the single start, and what proves to be one household is joined again.
    """
    found: list[set[str]] = []
    waiting = [starts]
    while waiting:
        some = [keys for keys in waiting.pop() if not any(keys <= whole for whole in found)]
        if not some:
            continue
        keys, is_whole = _closure(shop_id, set().union(*some))
        if is_whole or len(some) == 1:
            same = [other for other in found if not other.isdisjoint(keys)]
            found = [other for other in found if other.isdisjoint(keys)]
            found.append(keys.union(*same))
        else:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return found


def _closure(shop_id: int, frontier: set[str]) -> tuple[set[str], bool]:
    """Every key reached from these, and whether that is all of them: after `MAX_KEYS` it goes no further."""
    keys = set(frontier)
    while frontier and len(keys) <= MAX_KEYS:
        found = {key for (key,) in run("related_keys", shop_id=shop_id, keys=sorted(frontier))}
        frontier = found - keys
        keys |= frontier
    return keys, not frontier


def _purchases(shop_id: int, keys: set[str]) -> tuple[list[Purchase], list[Purchase]]:
    """The orders of these households that end carts, and the test orders among them."""
    real: list[Purchase] = []
    tests: list[Purchase] = []
    for (order_id, source, external_id, placed_at, origin, is_test, cancelled_at, total, refunded,
         names, contacts) in run("orders_with_keys", shop_id=shop_id, keys=sorted(keys)):  # fmt: skip
        if origin in NO_PURCHASE:
            continue
        by_kind: dict[str, set[str]] = defaultdict(set)
        for name in names:
            kind, _, value = name.partition(":")
            by_kind[kind].add(value)
        order = Purchase(
            id=order_id,
            at=placed_at,
            tie=f"{source}/{external_id}",
            tokens=frozenset(by_kind["token"]),
            checkouts=frozenset(by_kind["checkout"]),
            contacts=frozenset(contacts or ()),
            phones=frozenset(by_kind["phone"]),
            voided=cancelled_at is not None or (refunded > 0 and refunded >= total),
        )
        (tests if is_test else real).append(order)
    return real, tests


def _settle(work: Work, household: Household, people: Attacher) -> None:
    """Take back what voided orders ended, and leave it to the clock to find a cart abandoned.

    Only the clock's own step plans messages, so a cart whose latest stretch it has not found abandoned yet
    is still open, however late it is.
    """
    for token, generations in household.carts.items():
        for cart in generations:
            cart.revive_if_voided()
            if cart.is_ended:
                continue
            if not _is_found(work.before.get((*token, cart.generation)), cart):
                cart.wait_for_clock()
            elif cart.state is CartState.OPEN:
                reachable_at = people.attachment(cart).reachable_at
                due = cart.abandonment_due(reachable_at, work.clockwork) or cart.left_at
                cart.lapse(due + _MICROSECOND, reachable_at, work.clockwork)
                if work.before[(*token, cart.generation)].state == CartState.EXPIRED:
                    cart.state = CartState.EXPIRED


def _is_found(old: CartRow | None, cart: CartFold) -> bool:
    """Whether the clock has found this stretch abandoned already.

    What is learnt late may move the last activity back, never on: that is no new activity.
    """
    return (
        old is not None
        and cart.left_at <= old.left_at
        and old.order_id is None
        and old.state in {CartState.ABANDONED, CartState.EXPIRED}
    )


def _mark_tests(work: Work, household: Household, tests: list[Purchase]) -> None:
    """A test order makes a test of the cart that it names, as it stood then."""
    for order in tests:
        for token, generations in household.carts.items():
            begun = [cart for cart in generations if cart.begun_at <= order.at]
            if begun and (
                not order.tokens.isdisjoint(begun[-1].names_at(order.at))
                or begun[-1].checkout_id in order.checkouts
            ):
                work.tests.add((*token, begun[-1].generation))


def _collect(work: Work, household: Household, people: Attacher) -> None:
    for token, generations in household.carts.items():
        for cart in generations:
            at = (*token, cart.generation)
            work.carts.append(cart)
            work.attachments[at] = people.attachment(cart)
            old = work.before.get(at)
            was_test = old is not None and old.is_test and token not in work.refolded
            if was_test or token[1].startswith(PROBE):
                work.tests.add(at)
