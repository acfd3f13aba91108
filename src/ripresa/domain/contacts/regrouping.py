"""Who is who after a batch: people are merged and split where links, carts or splits ask for it.

Part of taking in a batch (`operations.absorb`), in its transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts.claims import Claims
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.people import People
from ripresa.domain.contacts.rules import STRONG, is_strong, who_is_who

run = partial(query.run, "ripresa.domain.contacts")


def store_splits(shop_id: int, claims: Claims) -> None:
    """Keep the splits of a batch: they bind everything that is told from now on."""
    for event_id, (row_id, keys, at) in claims.splits.items():
        run(
            "add_splits",
            shop_id=shop_id,
            id=row_id,
            keys=list(keys),
            event_id=event_id,
            occurred_at=at,
        )


def splits_of(shop_id: int, keys: Sequence[str]) -> list[frozenset[str]]:
    """The stored splits that hold any of `keys`."""
    if not keys:
        return []
    return [frozenset(found) for (found,) in run("splits", shop_id=shop_id, keys=list(keys))]


def regroup(shop_id: int, claims: Claims, people: People, now: datetime) -> None:
    """Merge and split people where links, carts or splits of this batch ask for it."""
    if claims.links:
        left, right = zip(*sorted(claims.links), strict=True)
        run("add_links", shop_id=shop_id, left=list(left), right=list(right))
    concerned = _concerned(shop_id, claims, people)
    if not concerned:
        return
    lock(shop_id=shop_id, contact_ids=concerned)
    owner = dict(run("keys_of_contacts", shop_id=shop_id, ids=sorted(concerned)))
    strong = [key for key in owner if is_strong(key)]
    carts = {
        visit: frozenset(key for key in keys if is_strong(key))
        for visit, keys in run("tokens_of_keys", shop_id=shop_id, keys=strong)
    }
    links = run("links_of_keys", shop_id=shop_id, keys=strong)
    splits = splits_of(shop_id, strong)
    groups = who_is_who(strong, [(left, right) for left, right in links], carts, splits)
    _assign(shop_id, groups, owner, people, now)


def _concerned(shop_id: int, claims: Claims, people: People) -> set[UUID]:
    """People whom this batch may merge or split."""
    pairs = [
        (people.contact_of.get(left), people.contact_of.get(right)) for left, right in claims.links
    ]
    concerned = {
        contact for pair in pairs if pair[0] != pair[1] for contact in pair if contact is not None
    }
    tokens = sorted(visit for visit in people.visits if visit.startswith("token:"))
    if tokens:
        strong = [f"{kind}%" for kind in STRONG]
        met = run("met_on_visits", shop_id=shop_id, visits=tokens, strong=strong)
        concerned |= {contact for (contact,) in met}
    for _, keys, _ in claims.splits.values():
        found = run("find_keys", shop_id=shop_id, keys=list(keys))
        concerned |= {contact for _, contact, *_ in found}
    return concerned


def _assign(
    shop_id: int,
    groups: list[frozenset[str]],
    owner: dict[str, UUID],
    people: People,
    now: datetime,
) -> None:
    """Give each group a row of its own: the oldest of its keys' people that is still free."""
    taken: set[UUID] = set()
    created: list[UUID] = []
    target: dict[str, UUID] = {}
    for group in groups:
        free = sorted({owner[key] for key in group} - taken)
        contact = free[0] if free else new_id(now)
        if not free:
            created.append(contact)
        taken.add(contact)
        target.update(dict.fromkeys(group, contact))
    if created:
        run("add_contacts", shop_id=shop_id, ids=created, now=now)
    _move(shop_id, {key: to for key, to in target.items() if owner[key] != to}, people)
    people.emptied |= set(owner.values()) - taken
    people.stirred |= {owner[key] for key in people.moved_keys if key in owner} | set(
        people.moved_keys.values()
    )


def _move(shop_id: int, moves: dict[str, UUID], people: People) -> None:
    if not moves:
        return
    keys = sorted(moves)
    run("move_keys", shop_id=shop_id, keys=keys, contact_ids=[moves[key] for key in keys])
    people.moved_keys.update(moves)
    people.contact_of.update(moves)


def own_phone_keys(shop_id: int, claims: Claims, people: People) -> None:
    """Someone known by a number alone is whoever the number belongs to, once that is known."""
    numbers = {phone for phone, _ in claims.phones}
    numbers |= {key.removeprefix("phone:") for key in claims.facts if key.startswith("phone:")}
    numbers |= {
        key.removeprefix("phone:")
        for key in _phone_keys_of(shop_id, people.emptied | people.stirred)
    }
    if not numbers:
        return
    owners = dict(run("phone_owners", shop_id=shop_id, phones=sorted(numbers)))
    rows = run("find_keys", shop_id=shop_id, keys=[f"phone:{number}" for number in owners])
    moves = {
        key: owners[key.removeprefix("phone:")]
        for key, contact, *_ in rows
        if contact != owners[key.removeprefix("phone:")]
    }
    left_behind = {contact for key, contact, *_ in rows if key in moves}
    _move(shop_id, moves, people)
    people.stirred |= left_behind | set(moves.values())
    people.emptied |= _without_keys(shop_id, left_behind)


def _phone_keys_of(shop_id: int, contacts: set[UUID]) -> list[str]:
    if not contacts:
        return []
    rows = run("keys_of_contacts", shop_id=shop_id, ids=sorted(contacts))
    return [key for key, _ in rows if key.startswith("phone:")]


def _without_keys(shop_id: int, contacts: set[UUID]) -> set[UUID]:
    if not contacts:
        return set()
    rows = run("keys_of_contacts", shop_id=shop_id, ids=sorted(contacts))
    return contacts - {contact for _, contact in rows}
