"""Values as they travel: instants in RFC 3339, money with its currency, text that can be stored."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ripresa.core.money import Money

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class Asked(BaseModel):
    """What a client sends: a field that there is not is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Amount(BaseModel):
    """An amount of money in major units, exact: "59.80" EUR."""

    amount: str
    currency: str

    @classmethod
    def of(cls, minor: int | None, currency: str | None) -> "Amount | None":
        """The amount of `minor` units; None where either is not known."""
        return None if minor is None or not currency else cls.of_money(Money(minor, currency))

    @classmethod
    def of_money(cls, money: Money) -> "Amount":
        """The same amount."""
        return cls(amount=f"{money.decimal():f}", currency=money.currency)


def _instant(text: Any) -> datetime:
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise ValueError("an instant looks like 2026-11-20T15:00:00Z")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such instant") from None


def storable(text: str) -> str:
    """The same, if the database can hold it. Raises ValueError."""
    if "\x00" in text:
        raise ValueError("a NUL can't be stored")
    return text


class _NotNull:
    """In the description: where a parameter may be left out, it is not therefore null."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema without its null."""
        told = handler(schema)
        [kept] = [each for each in told["anyOf"] if each != {"type": "null"}]
        return dict(kept)


def _said(value: Any) -> Any:
    if value is None:
        raise ValueError("must not be null: leave it out")
    return value


_T = TypeVar("_T")
# What may be left out: then it is None. Saying null is something else, and refused.
Maybe = Annotated[_T | None, BeforeValidator(_said), _NotNull()]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
# In a body: true or false, and not 0, "yes" or what else may be taken for them.
Switch = Annotated[bool, Field(strict=True)]
# One line or a few, as people write them.
Words = Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)]
LongWords = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(storable)]
