"""The fields of a provider's call, wherever it put them: query, form or JSON object."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from ripresa.contracts.feedback import HookRefused, HookRequest

_MOST_FIELDS = 1000


def query_of(request: HookRequest) -> list[tuple[str, str]]:
    """The pairs in the address, in order. Raises HookRefused."""
    return _pairs(urlsplit(request.url).query)


def form_of(request: HookRequest) -> list[tuple[str, str]]:
    """The pairs of a form in the body, in order; none if the body is no form. Raises HookRefused."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return []
    try:
        return _pairs(request.body.decode())
    except UnicodeDecodeError:
        raise HookRefused("the form is no UTF-8") from None


def json_of(request: HookRequest) -> dict[str, object] | None:
    """The object in the body; None if the body says it is no JSON. Raises HookRefused."""
    if "json" not in request.headers.get("content-type", ""):
        return None
    try:
        value = json.loads(request.body)
    except ValueError:
        raise HookRefused("the body is no JSON") from None
    if not isinstance(value, dict):
        raise HookRefused("the body is no JSON object")
    return value


def fields_of(request: HookRequest) -> dict[str, str]:
    """All fields by name: of the address, the form or the JSON object, the later the stronger.

    What is no text in JSON is given as it is written there. Raises HookRefused.
    """
    fields = dict([*query_of(request), *form_of(request)])
    for name, value in (json_of(request) or {}).items():
        fields[name] = value if isinstance(value, str) else json.dumps(value)
    return fields


def instant(epoch_seconds: str, otherwise: datetime) -> datetime:
    """A provider's count of seconds as an instant; `otherwise` where it is none, or absurd."""
    try:
        found = datetime.fromtimestamp(int(epoch_seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
    # Nothing is heard of before it happened: a clock that runs ahead is no reason to reorder.
    return min(found, otherwise)


def first(fields: Mapping[str, str], *names: str) -> str:
    """The first of `names` that says something, else nothing."""
    return next((fields[name] for name in names if fields.get(name)), "")


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HookRefused(f"it has more than {_MOST_FIELDS} fields") from None
