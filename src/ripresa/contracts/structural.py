"""From msgspec's words for what is wrong with an event to ours: field, code, advice.

msgspec tells place and cause in its message alone, so this module reads messages; a test pins each
of them, and a new msgspec that words one otherwise fails that test, not a shop.
"""

import re

import msgspec

from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

# The place stands last; what comes before may quote what the client wrote.
_PLACE = re.compile(r".* - at `\$\.?([^`]*)`\Z", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `([^`]*)`")
_BOUND = re.compile(r" of length ([<>])= ([0-9]+)")

# What a field's own type asks for, whichever way its JSON type is wrong.
_OWN_CODE = {
    "type": Code.UNKNOWN_TYPE,
    "occurred_at": Code.NOT_AN_INSTANT,
    "received_at": Code.NOT_AN_INSTANT,
    "quantity": Code.NOT_A_QUANTITY,
    "unit_price": Code.NOT_A_DECIMAL,
    "total": Code.NOT_A_DECIMAL,
    "discount_total": Code.NOT_A_DECIMAL,
    "tax_total": Code.NOT_A_DECIMAL,
    "shipping_total": Code.NOT_A_DECIMAL,
    "amount": Code.NOT_A_DECIMAL,
    "currency": Code.NOT_A_CURRENCY,
    "consent.email": Code.NOT_A_CONSENT,
    "consent.sms": Code.NOT_A_CONSENT,
    "consent.letter": Code.NOT_A_CONSENT,
}


def invalid_of(wrong: msgspec.ValidationError) -> Invalid:
    """The first thing that msgspec found wrong with one event."""
    message = str(wrong)
    place = _PLACE.match(message)
    field = place[1] if place else ""
    if missing := _MISSING.match(message):
        return Invalid(f"{field}.{missing[1]}" if field else missing[1], Code.MISSING)
    if not field:
        return Invalid("", Code.NOT_AN_OBJECT)
    if own := _own_code(field):
        return Invalid(field, own)
    if bound := _BOUND.search(message):
        return _out_of_bounds(field, bound, is_list="`array" in message)
    if "object" in message.partition(",")[0]:
        return Invalid(field, Code.NOT_AN_OBJECT)
    return Invalid(field, Code.WRONG_TYPE, _wanted(message))


def _own_code(field: str) -> Code | None:
    steps = field.split(".")
    return _OWN_CODE.get(".".join(steps[-2:])) or _OWN_CODE.get(steps[-1])


def _out_of_bounds(field: str, bound: re.Match[str], *, is_list: bool) -> Invalid:
    if bound[1] == ">":
        return Invalid(field, Code.EMPTY)
    if is_list:
        return Invalid(field, Code.TOO_MANY_ENTRIES, f"has more than {bound[2]} entries")
    return Invalid(field, Code.TOO_LONG, f"is longer than {bound[2]} characters")


def _wanted(message: str) -> str:
    """`Expected `str | null`, got `int`` in words."""
    kinds = re.findall(r"`([^`]*)`", message.partition(" - at ")[0])
    names = {"str": "text", "int": "a whole number", "bool": "true or false", "array": "a list"}
    wanted = [names.get(kind, kind) for kind in kinds[0].split(" | ") if kind != "null"]
    return f"must be {' or '.join(wanted)}"
