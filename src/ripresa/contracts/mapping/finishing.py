"""From drafts to store events: stable ids, the contract's own checks, and no event lost to a detail."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ripresa.contracts.decoding import Outcome, decode_event
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid, Rejection, RejectionCode

# What an event is worth sending without. An order that was lost to a misspelt address would let
# reminders go on after a purchase.
_DETAIL = re.compile(
    r"contact\.(?!consent\b)"
    r"|cart\.(?:checkout_id|restore_url|items\[\d+\]\.(?:title|variant|variant_id|sku|product_id|url|image_url)\b)"
    r"|order\.(?:number|discount_codes|discount_total|tax_total|shipping_total|cart_token|checkout_id)\b"
)
_STEP = re.compile(r"([a-z_]+)|\[(\d+)\]")
_DIGEST_CHARS = 16
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """An event in the making, without id: `fields` as the contract calls them.

    `names` leads from paths of the contract to the platform's: {"contact.email": "customer.email"}.
    `known_by` is what its id covers, beside type and instant; None: all that is said.
    """

    fields: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    known_by: dict[str, Any] | None = None


def draft(
    kind: str,
    at: datetime,
    *,
    names: dict[str, str] | None = None,
    known_by: dict[str, Any] | None = None,
    **blocks: Any,
) -> Draft:
    """A draft of type `kind`; blocks that are None or empty are left out.

    `known_by`: what every way of asking a platform tells alike, where the ways differ otherwise.
    """
    when = {"type": kind, "occurred_at": at.isoformat()}
    known = None if known_by is None else when | known_by
    return Draft(when | said(blocks), names or {}, known)


def said(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, {}, [], "")}


def mapped(
    what: str, payload: object, name: str, draw: Callable[[Fields], Iterable[Draft]]
) -> list[Outcome]:
    """The events that `draw` makes of a payload, then what could not be taken over. Raises nothing.

    `what` is platform and resource, as in `shopify:order`, and `name` the field that identifies one.
    Fields of rejections are the platform's.
    """
    if not isinstance(payload, dict):
        return [Invalid(what.partition(":")[2], RejectionCode.NOT_AN_OBJECT).rejection(0)]
    fields = Fields(payload)
    events: list[StoreEvent] = []
    try:
        prefix = f"{what}:{fields.required(name)[:_LONGEST_NAME]}"
        for each in draw(fields):
            event = checked(prefix, each, fields.problems)
            if event is not None:
                events.append(event)
    except Invalid as wrong:
        fields.note(wrong)
    return [*events, *dict.fromkeys(fields.problems)]


def checked(prefix: str, made: Draft, problems: list[Rejection]) -> StoreEvent | None:
    """The event as the contract has it, without details that broke it; None: nothing was left.

    What was wrong is added to `problems`, in the names of the draft. The id begins with `prefix`.
    """
    # The id covers all that is said: of two states within one second, which many platforms'
    # instants cannot tell apart, neither counts as a repetition of the other.
    text = json.dumps(made.fields if made.known_by is None else made.known_by, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]
    fields = json.loads(json.dumps(made.fields)) | {"id": f"{prefix}:{digest}"}
    while True:
        outcome = decode_event(json.dumps(fields).encode())
        if isinstance(outcome, StoreEvent):
            return outcome
        problems.append(_in_its_words(outcome, made.names))
        if not _shed(fields, outcome.field):
            return None


def _shed(fields: dict[str, Any], path: str) -> bool:
    """Take a detail out; False if it is none, or not there."""
    is_detail = _DETAIL.match(path) or (path == "cart.token" and "order" in fields)
    if not is_detail:
        return False
    steps: list[Any] = [int(index) if index else name for name, index in _STEP.findall(path)]
    place: Any = fields
    for step in steps[:-1]:
        place = place[step]
    if isinstance(place, dict) and steps[-1] not in place:
        return False
    del place[steps[-1]]
    return True


def _in_its_words(wrong: Rejection, names: dict[str, str]) -> Rejection:
    for known in sorted(names, key=len, reverse=True):
        if wrong.field == known or wrong.field.startswith((f"{known}.", f"{known}[")):
            name = names[known] + wrong.field.removeprefix(known)
            message = wrong.message.replace(wrong.field, name, 1)
            return Rejection(wrong.index, name, wrong.code, message)
    return wrong
