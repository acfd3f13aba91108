"""Who is behind a cart: by the cart's own events, else by its browser."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.domain.carts.rules import Attachment, CartFold, Company, Token
from ripresa.domain.contacts.rules import Sighting, holder_by_token, holder_by_visitor

run = partial(query.run, "ripresa.domain.carts")


class Attacher:
    """Finds the people behind tokens, all with one query. A `rules.Register`."""

    def __init__(self, shop_id: int, visitors_of: Mapping[Token, Collection[str]]) -> None:
        self._visitors_of = visitors_of
        visits = {f"token:{token}" for _, token in visitors_of}
        visits |= {f"visitor:{one}" for some in visitors_of.values() for one in some}
        self._seen: dict[str, list[Sighting]] = defaultdict(list)
        self._contact: dict[str, tuple[UUID, datetime | None]] = {}
        self._phones: dict[str, list[str]] = defaultdict(list)
        self._found: dict[tuple[object, ...], Attachment] = {}
        for visit, key, trusted, earliest, latest, contact, reachable in run(
            "sightings", shop_id=shop_id, visits=sorted(visits)
        ):
            if key.startswith("phone:"):
                self._phones[visit].append(key.removeprefix("phone:"))
            if contact is not None:
                self._contact[key] = (contact, reachable)
                self._seen[visit].append(Sighting(key, trusted, earliest, latest))

    def company(self, token: Token) -> Company:
        """Everybody named on a token."""
        visit = f"token:{token[1]}"
        contacts = frozenset(self._contact[seen.key][0] for seen in self._seen[visit])
        return Company(contacts, frozenset(self._phones[visit]))

    def tokens_of_visitors(self) -> Iterator[tuple[UUID, Token]]:
        """People who may be behind tokens by their browser alone."""
        for token, visitors in self._visitors_of.items():
            for visitor in visitors:
                for seen in self._seen[f"visitor:{visitor}"]:
                    yield self._contact[seen.key][0], token

    def attachment(self, cart: CartFold) -> Attachment:
        """Whose this generation is, by its own events or else by its browser."""
        until = None if cart.order is None else cart.order.at
        case = (cart.token, cart.visitor_id, cart.begun_at, until)
        if case not in self._found:
            self._found[case] = self._attach(cart, until)
        return self._found[case]

    def _attach(self, cart: CartFold, until: datetime | None) -> Attachment:
        seen = self._seen[f"token:{cart.token[1]}"]
        found = holder_by_token(seen, until) or holder_by_token(seen, None)
        known_by = "token"
        if found is None and cart.visitor_id is not None:
            seen = self._seen[f"visitor:{cart.visitor_id}"]
            found = holder_by_visitor(seen, cart.begun_at)
            known_by = "visitor"
        if found is None:
            return Attachment()
        contact, reachable = self._contact[found.key]
        hers = [
            sighting
            for sighting in seen
            if self._contact[sighting.key][0] == contact
            and (until is None or sighting.earliest_at <= max(until, found.earliest_at))
        ]
        key = min((sighting.key for sighting in hers), key=_rank)
        earliest = min(sighting.earliest_at for sighting in hers)
        since = None if reachable is None else max(reachable, earliest)
        return Attachment(key, contact, known_by, since)


def _rank(key: str) -> tuple[int, str]:
    """E-mail before customer id before phone: the same key, whichever event came last."""
    return (("email", "customer", "phone").index(key.partition(":")[0]), key)
