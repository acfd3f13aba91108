"""Take in what a batch of events claims about people: keys, links, phones, consent, and who is who.

Runs inside the fold's transaction; one fold per shop at a time, so nobody else writes these tables but
hand-held operations that lock the contact row first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts import profile
from ripresa.domain.contacts.claims import Claims
from ripresa.domain.contacts.people import People
from ripresa.domain.contacts.rules import Facts, is_strong, merge_facts, who_is_who

run = partial(query.run, "ripresa.domain.contacts")


def lock(*, shop_id: int, contact_ids: Iterable[UUID]) -> None:
    """Lock people, in one order for everybody."""
    run("lock_contacts", shop_id=shop_id, ids=sorted(set(contact_ids)))


def absorb(*, shop_id: int, claims: Claims, now: datetime) -> People:
    """Store the claims and work out who is who. The people concerned stay locked."""
    people = People()
    known = {
        key: (contact, msgspec.json.decode(facts, type=Facts), reachable)
        for key, contact, facts, reachable in run(
            "find_keys", shop_id=shop_id, keys=list(claims.facts)
        )
    }
    lock(shop_id=shop_id, contact_ids=[contact for contact, *_ in known.values()])
    people.contact_of = {key: contact for key, (contact, *_) in known.items()}
    changed = _store_keys(shop_id, claims, known, people, now)
    changed |= _store_phones(shop_id, claims, people)
    changed |= _store_consents(shop_id, claims, people)
    people.visits = _store_sightings(shop_id, claims)
    people.seen_tokens = {visit for visit, _ in claims.sightings if visit.startswith("token:")}
    _regroup(shop_id, claims, people, now)
    _own_phone_keys(shop_id, claims, people)
    changed |= people.stirred | set(people.moved_keys.values())
    profile.refresh(shop_id=shop_id, contact_ids=changed - people.emptied, people=people)
    _note_refusals(shop_id, people)
    return people


def _note_refusals(shop_id: int, people: People) -> None:
    """Who refused a channel just now, by her own word, and not only an outdated one."""
    refusals = sorted((people.contact_of[key], channel) for key, channel in people.refusals)
    if refusals:
        contacts, channels = zip(*refusals, strict=True)
        for contact, channel in run(
            "refusing", shop_id=shop_id, ids=list(contacts), channels=list(channels)
        ):
            people.refused[channel].add(contact)


def drop_emptied(*, shop_id: int, people: People) -> None:
    """Remove the rows of people who were merged away, once nothing refers to them any more."""
    if people.emptied:
        run("drop_empty_contacts", shop_id=shop_id, ids=list(people.emptied))


def _store_keys(
    shop_id: int,
    claims: Claims,
    known: dict[str, tuple[UUID, Facts, datetime | None]],
    people: People,
    now: datetime,
) -> set[UUID]:
    """Write the batch's facts key by key; returns the people whose facts changed in value."""
    new = [key for key in claims.facts if key not in known]
    created = _people_for(new, claims, people.contact_of, now)
    people.created.update(created)
    if created:
        run("add_contacts", shop_id=shop_id, ids=created, now=now)
    changed = {people.contact_of[key] for key in new}
    rows = []
    for key, said in sorted(claims.facts.items()):
        _, before, reachable = known.get(key, (None, {}, None))
        after = merge_facts((before, said))
        since = _earliest(reachable, claims.reachable.get(key))
        if after == before and since == reachable and key in known:
            continue
        if since != reachable or _values(after) != _values(before):
            changed.add(people.contact_of[key])
        rows.append((key, people.contact_of[key], msgspec.json.encode(after).decode(), since))
    if rows:
        keys, contacts, facts, since_all = zip(*rows, strict=True)
        run(
            "put_keys",
            shop_id=shop_id,
            keys=list(keys),
            contact_ids=list(contacts),
            facts=list(facts),
            reachable=list(since_all),
        )
    return changed


def _people_for(
    new: list[str], claims: Claims, contact_of: dict[str, UUID], now: datetime
) -> list[UUID]:
    """Give each new key a person: that of a key it came with, else a new one; returns the new ones."""
    created = []
    together = who_is_who([*new, *contact_of], claims.links, {}, [])
    for group in together:
        contact = min((contact_of[key] for key in group if key in contact_of), default=None)
        if contact is None:
            contact = new_id(now)
            created.append(contact)
        for key in group:
            contact_of.setdefault(key, contact)
    return created


def _earliest(left: datetime | None, right: datetime | None) -> datetime | None:
    return min((instant for instant in (left, right) if instant is not None), default=None)


def _values(facts: Facts) -> dict[str, object]:
    return {name: fact[3] for name, fact in facts.items()}


def _store_phones(shop_id: int, claims: Claims, people: People) -> set[UUID]:
    """Numbers follow their latest claim; everybody who ever claimed one of them is looked at again."""
    if not claims.phones:
        return set()
    spans = sorted(claims.phones.items())
    run(
        "put_phones",
        shop_id=shop_id,
        phones=[phone for (phone, _), _ in spans],
        keys=[key for (_, key), _ in spans],
        earliest=[span.earliest_at for _, span in spans],
        latest=[span.latest_at for _, span in spans],
        events=[span.latest_event for _, span in spans],
    )
    claimants = run(
        "phone_claimants", shop_id=shop_id, phones=sorted({phone for phone, _ in claims.phones})
    )
    found = {contact for (contact,) in claimants}
    lock(shop_id=shop_id, contact_ids=found - set(people.contact_of.values()))
    return found


def _store_consents(shop_id: int, claims: Claims, people: People) -> set[UUID]:
    if not claims.consents:
        return set()
    words = sorted(claims.consents.items())
    news = run(
        "put_consents",
        shop_id=shop_id,
        keys=[key for (key, *_), _ in words],
        channels=[channel for (_, channel, *_), _ in words],
        states=[state for (_, _, state, _), _ in words],
        proven=[proven for (*_, proven), _ in words],
        earliest=[span.earliest_at for _, span in words],
        latest=[span.latest_at for _, span in words],
        events=[span.latest_event for _, span in words],
        sources=[span.source for _, span in words],
        texts=[span.text for _, span in words],
    )
    people.refusals = {
        (key, channel) for key, channel, state, proven in news if state == "denied" and proven
    }
    return {people.contact_of[key] for key, *_ in news}


def _store_sightings(shop_id: int, claims: Claims) -> set[str]:
    """Returns the carts and browsers about whose people something is new."""
    if not claims.sightings:
        return set()
    seen = sorted(claims.sightings.items())
    news = run(
        "put_sightings",
        shop_id=shop_id,
        visits=[visit for (visit, _), _ in seen],
        keys=[key for (_, key), _ in seen],
        trusted=[sighting.trusted for _, sighting in seen],
        earliest=[sighting.earliest_at for _, sighting in seen],
        latest=[sighting.latest_at for _, sighting in seen],
    )
    return {visit for visit, _ in news}


def _regroup(shop_id: int, claims: Claims, people: People, now: datetime) -> None:
    """Merge and split people where links, carts or splits of this batch ask for it."""
    for event_id, (row_id, keys, at) in claims.splits.items():
        run(
            "add_splits",
            shop_id=shop_id,
            id=row_id,
            keys=list(keys),
            event_id=event_id,
            occurred_at=at,
        )
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
    splits = [frozenset(keys) for (keys,) in run("splits", shop_id=shop_id, keys=strong)]
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
    tokens = [visit for visit in people.visits if visit.startswith("token:")]
    if tokens:
        on_cart: dict[str, set[UUID]] = defaultdict(set)
        for visit, key, trusted, _, _, contact in run(
            "keys_on_visits", shop_id=shop_id, visits=tokens
        ):
            if trusted and contact is not None and is_strong(key):
                on_cart[visit].add(contact)
        concerned |= {contact for some in on_cart.values() if len(some) > 1 for contact in some}
        concerned |= _joined_by(shop_id, on_cart, tokens)
    for _, keys, _ in claims.splits.values():
        found = run("find_keys", shop_id=shop_id, keys=list(keys))
        concerned |= {contact for _, contact, *_ in found}
    return concerned


def _joined_by(shop_id: int, on_cart: dict[str, set[UUID]], tokens: Sequence[str]) -> set[UUID]:
    """A third key on a cart may undo the joining of the first two: they are one person so far."""
    keys: dict[str, set[str]] = defaultdict(set)
    for visit, key, trusted, *_ in run("keys_on_visits", shop_id=shop_id, visits=list(tokens)):
        if trusted and is_strong(key):
            keys[visit].add(key)
    return {
        contact
        for visit, contacts in on_cart.items()
        if len(keys[visit]) > 2  # noqa: PLR2004  (an e-mail and a customer id are the two that join)
        for contact in contacts
    }


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


def _own_phone_keys(shop_id: int, claims: Claims, people: People) -> None:
    """Someone known by a number alone is whoever the number belongs to, once that is known."""
    numbers = {phone for phone, _ in claims.phones}
    numbers |= {key.removeprefix("phone:") for key in claims.facts if key.startswith("phone:")}
    numbers |= {
        key.removeprefix("phone:")
        for key in _phone_keys_of(shop_id, people.emptied | set(people.moved_keys.values()))
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
