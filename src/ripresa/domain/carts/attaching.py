"""Who is behind a cart: by the cart's own events, else by its browser."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.domain.carts.rules import Attachment, CartFold, Company, Stay, Token
from ripresa.domain.contacts.rules import Sighting, holder_by_token, holder_by_visitor, is_strong

run = partial(query.run, "ripresa.domain.carts")


class Attacher:
    """Finds the people behind tokens, all with one query. A `rules.Register`."""

    def __init__(self, shop_id: int, visitors_of: Mapping[Token, Collection[str]]) -> None:
        self._visitors_of = visitors_of
        visits = {f"token:{token}" for _, token in visitors_of}
        visits |= {f"visitor:{one}" for some in visitors_of.values() for one in some}
        self._seen: dict[str, list[Sighting]] = defaultdict(list)
        self._contact: dict[str, tuple[UUID, datetime | None]] = {}
        self._named: dict[str, list[tuple[str, datetime, datetime]]] = defaultdict(list)
        self._found: dict[tuple[object, ...], Attachment] = {}
        for visit, key, trusted, earliest, latest, contact, reachable in run(
            "sightings", shop_id=shop_id, visits=sorted(visits)
        ):
            self._named[visit].append((key, earliest, latest))
            if contact is not None:
                self._contact[key] = (contact, reachable)
                self._seen[visit].append(Sighting(key, trusted, earliest, latest))

    def company(self, token: Token, stay: Stay | None = None) -> Company:
        """Everybody named on a token, all the time or while another's cart went on there."""
        names: dict[object, datetime] = {}
        for key, earliest, latest in self._named[f"token:{token[1]}"]:
            part = (earliest, latest) if stay is None else stay.shared(earliest, latest)
            if part is None:
                continue
            first, _ = part
            kind, _, value = key.partition(":")
            name: object = (kind, value)
            if is_strong(key) and key in self._contact:
                name = self._contact[key][0]
            names[name] = min(names.get(name, first), first)
        return Company(names)

    def tokens_of_visitors(self) -> Iterator[tuple[UUID, Token]]:
        """People who may be behind tokens by their browser alone."""
        for token, visitors in self._visitors_of.items():
            for visitor in visitors:
                for seen in self._seen[f"visitor:{visitor}"]:
                    yield self._contact[seen.key][0], token

    def attachment(self, cart: CartFold) -> Attachment:
        """Whose this generation is, by its own events or else by its browser."""
        until = None if cart.order is None else cart.order.at
        case = (cart.token, cart.visitor_id, cart.begun_at, until, cart.stays)
        if case not in self._found:
            self._found[case] = self._attach(cart, until)
        return self._found[case]

    def _attach(self, cart: CartFold, until: datetime | None) -> Attachment:
        named = self._seen_on(cart)
        in_time = [one for one in named if until is None or one.earliest_at <= until]
        by_visitor = (
            holder_by_visitor(self._seen[f"visitor:{cart.visitor_id}"], cart.begun_at)
            if cart.visitor_id is not None
            else None
        )
        # Who came to this token only after its order may still be the one: there is nobody else.
        found = holder_by_token(in_time) or by_visitor or holder_by_token(named)
        if found is None:
            return Attachment()
        known_by = "visitor" if found is by_visitor else "token"
        contact, _ = self._contact[found.key]
        hers = [one.key for one in (*in_time, found) if self._contact[one.key][0] == contact]
        people = [
            *(in_time or ([] if by_visitor else named)),
            *([by_visitor] if by_visitor else []),
        ]
        return Attachment(min(hers, key=_rank), contact, known_by, self._reachable_since(people))

    def _seen_on(self, cart: CartFold) -> list[Sighting]:
        """Who was seen on a cart, under its own token and under those it was restored under."""
        seen = list(self._seen[f"token:{cart.token[1]}"])
        for stay in cart.stays:
            seen += [
                replace(one, earliest_at=part[0], latest_at=part[1])
                for one in self._seen[f"token:{stay.token[1]}"]
                if (part := stay.shared(one.earliest_at, one.latest_at))
            ]
        return seen

    def _reachable_since(self, people: list[Sighting]) -> datetime | None:
        """When the first of these could be written to about this cart, whoever holds it later."""
        return min(
            (
                max(reachable, seen.earliest_at)
                for seen in people
                if (reachable := self._contact[seen.key][1]) is not None
            ),
            default=None,
        )


def _rank(key: str) -> tuple[int, str]:
    """E-mail before customer id before phone: the same key, whichever event came last."""
    return (("email", "customer", "phone", "erased").index(key.partition(":")[0]), key)
