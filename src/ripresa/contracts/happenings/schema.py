"""JSON Schema (draft 2020-12) of what is told, made from the payloads."""

from typing import Any

import msgspec

from ripresa.contracts.happenings.payloads import DATA
from ripresa.contracts.happenings.types import HappeningType

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/{name}"


def every_schema() -> dict[str, Any]:
    """One schema for all: which type is told decides what must be there."""
    types = list(HappeningType)
    shapes, parts = msgspec.json.schema_components(
        [DATA[one] for one in types], ref_template=_REFERENCE
    )
    return {
        "$schema": _DRAFT,
        "title": "What Ripresa tells endpoints",
        "oneOf": [_envelope(one, data) for one, data in zip(types, shapes, strict=True)],
        "$defs": parts,
    }


def schema_of(happened: HappeningType) -> dict[str, Any]:
    """The schema of the whole body for one type. What it does not name may be there as well."""
    (data,), parts = msgspec.json.schema_components([DATA[happened]], ref_template=_REFERENCE)
    return {"$schema": _DRAFT, **_envelope(happened, data), "$defs": parts}


def _envelope(happened: HappeningType, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": happened.value,
        "type": "object",
        "required": ["id", "type", "timestamp", "shop", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "That of webhook-id."},
            "type": {"const": happened.value},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened.",
            },
            "shop": {"type": "string", "description": "The shop's short name."},
            "data": data,
        },
    }
