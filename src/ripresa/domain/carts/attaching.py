"""Who is behind a cart: by the cart's own events, else by its browser."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.domain.carts.rules import CartFold, Holder, Token
from ripresa.domain.contacts.rules import Sighting, holder_by_token, holder_by_visitor

run = partial(query.run, "ripresa.domain.carts")


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a token's cart hangs on a person; `known_by`: token, visitor or nobody."""

    person_key: str | None = None
    contact_id: UUID | None = None
    known_by: str = "nobody"
    reachable_at: datetime | None = None


class Attacher:
    """Finds the people behind tokens, all with one query."""

    def __init__(
        self,
        shop_id: int,
        visitor_of: dict[Token, str | None],
        begun_at: dict[Token, datetime],
    ) -> None:
        self._visitor_of = visitor_of
        self._begun_at = begun_at
        visits = {f"token:{token}" for _, token in visitor_of}
        visits |= {f"visitor:{visitor}" for visitor in visitor_of.values() if visitor}
        self._seen: dict[str, list[Sighting]] = defaultdict(list)
        self._contact: dict[str, tuple[UUID, datetime | None]] = {}
        self._phones: dict[str, list[str]] = defaultdict(list)
        for visit, key, trusted, earliest, latest, contact, reachable in run(
            "sightings", shop_id=shop_id, visits=sorted(visits)
        ):
            if key.startswith("phone:"):
                self._phones[visit].append(key.removeprefix("phone:"))
            if contact is not None:
                self._contact[key] = (contact, reachable)
                self._seen[visit].append(Sighting(key, trusted, earliest, latest))

    def holder(self, token: Token) -> Holder:
        """Everybody on a token, for matching orders; reachability is that of its present holder."""
        visit = f"token:{token[1]}"
        attachment = self._attach(token, None)
        contacts = {self._contact[seen.key][0] for seen in self._seen[visit]}
        if attachment.contact_id is not None:
            contacts.add(attachment.contact_id)
        return Holder(frozenset(contacts), frozenset(self._phones[visit]), attachment.reachable_at)

    def attachment(self, cart: CartFold) -> Attachment:
        """Whose this generation is."""
        return self._attach(cart.token, None if cart.order is None else cart.order.at)

    def _attach(self, token: Token, until: datetime | None) -> Attachment:
        seen = self._seen[f"token:{token[1]}"]
        found = holder_by_token(seen, until) or holder_by_token(seen, None)
        known_by = "token"
        if found is None and (visitor := self._visitor_of.get(token)) is not None:
            seen = self._seen[f"visitor:{visitor}"]
            found = holder_by_visitor(seen, self._begun_at[token])
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
