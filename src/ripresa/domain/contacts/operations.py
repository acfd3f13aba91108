"""Take in what a batch of events claims about people: keys, links, phones, consent, and who is who.

Runs inside the fold's transaction; one fold per shop at a time, so nobody else writes these tables but
hand-held operations that lock the contact row first.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.contacts import profile, regrouping
from ripresa.domain.contacts.claims import Claims
from ripresa.domain.contacts.consents import history, requests
from ripresa.domain.contacts.consents.policy import policy_of
from ripresa.domain.contacts.locking import lock
from ripresa.domain.contacts.people import People
from ripresa.domain.contacts.restored import is_restored, through
from ripresa.domain.contacts.rules import Facts, Sighting, merge_facts, who_is_who

run = partial(query.run, "ripresa.domain.contacts")


def absorb(*, shop_id: int, claims: Claims, now: datetime) -> People:
    """Store the claims and work out who is who. The people concerned stay locked."""
    people = People()
    regrouping.store_splits(shop_id, claims)
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
    regrouping.regroup(shop_id, claims, people, now)
    regrouping.own_phone_keys(shop_id, claims, people)
    changed |= people.stirred | set(people.moved_keys.values())
    profile.refresh(shop_id=shop_id, contact_ids=changed - people.emptied, people=people, now=now)
    _note_refusals(shop_id, people)
    requests.ask(shop_id=shop_id, keys=people.unconfirmed["email"], now=now)
    requests.ask_by_text(shop_id=shop_id, keys=people.unconfirmed["sms"], now=now)
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
    splits = regrouping.splits_of(shop_id, _linked(claims)) if new else []
    groups = who_is_who([*new, *people.contact_of], claims.links, {}, splits)
    created = _people_for(groups, people.contact_of, now)
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


def _linked(claims: Claims) -> list[str]:
    return sorted({key for link in claims.links for key in link})


def _people_for(
    groups: Iterable[frozenset[str]], contact_of: dict[str, UUID], now: datetime
) -> list[UUID]:
    """Give each new key a person: that of a key of its group, else a new one; returns the new ones."""
    created = []
    for group in groups:
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
        sources=[span.proof.source for _, span in words],
        texts=[span.proof.text for _, span in words],
        versions=[span.proof.version for _, span in words],
        ips=[span.proof.ip for _, span in words],
    )
    history.add(shop_id=shop_id, words=claims.words)
    for key, channel, state, _ in news:
        if state == "pending":
            people.unconfirmed[channel].add(key)
    people.refusals = {
        (key, also)
        for key, channel, state, proven in news
        if state == "denied" and proven
        for also in policy_of(shop_id).stopped_with(channel)
    }
    return {people.contact_of[key] for key, *_ in news}


def _follow_restored(shop_id: int, claims: Claims) -> None:
    """A cart restored twice over was seen under its latest token as well, whichever was told first."""
    links = {pair: seen for pair, seen in claims.sightings.items() if is_restored(*pair)}
    if not links:
        return
    tokens = sorted({token for pair in links for token in pair})
    for visit, *row in run("restored_carts", shop_id=shop_id, tokens=tokens):
        known = Sighting(*row)
        told = links.get((visit, known.key))
        links[visit, known.key] = known if told is None else told.joined(known)
    claims.sightings.update(through(links))


def _store_sightings(shop_id: int, claims: Claims) -> set[str]:
    """Returns the carts and browsers about whose people something is new."""
    if not claims.sightings:
        return set()
    _follow_restored(shop_id, claims)
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
