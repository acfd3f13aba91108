"""Who a payload is about: the parts that every platform has, each with the names it has there."""

from typing import Any

import phonenumbers

from ripresa.contracts.mapping.finishing import said
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.plain_values import normalise_phone

# A part of a contact block, and the platform's names for its paths.
Named = tuple[dict[str, Any], dict[str, str]]


def is_somebody(contact: dict[str, Any]) -> bool:
    """Whether it holds a key of a person: a name alone is nobody."""
    return not contact.keys().isdisjoint({"email", "phone", "customer_id"})


def joined(found: list[Named]) -> Named:
    """One block of several parts, later ones first in doubt; what says nothing is left out."""
    block: dict[str, Any] = {}
    names: dict[str, str] = {}
    for part, its_names in found:
        block |= part
        names |= its_names
    return said(block), names


def first(ours: str, *places: tuple[Fields, str]) -> Named:
    """The first of these fields that holds something."""
    for fields, name in places:
        value = fields.text(name)
        if value is not None:
            return {ours: value}, {f"contact.{ours}": fields.at(name)}
    return {}, {}


def phone(country: str | None, *places: tuple[Fields, str], spare: Fields | None = None) -> Named:
    """The first number that can be dialled from abroad, else the first, for the checks to name.

    An address holds whatever was typed: its number is taken only if it is valid in its country.
    """
    for fields, name in places:
        text = fields.text(name)
        number = text and e164(text, country)
        if number:
            return {"phone": number}, {"contact.phone": fields.at(name)}
    typed = spare.text("phone") if spare is not None else None
    number = typed and e164(typed, country)
    if number and spare is not None:
        return {"phone": number}, {"contact.phone": spare.at("phone")}
    return first("phone", *places)


def e164(text: str, country: str | None) -> str | None:
    """The number in E.164: as it stands, or as dialled within `country` (ISO 3166). None: it is none."""
    if (known := normalise_phone(text)) is not None or country is None:
        return known
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
