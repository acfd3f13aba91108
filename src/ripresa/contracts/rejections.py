"""Why an event, or a whole body, is refused: a closed list of codes, each with advice."""

from enum import StrEnum

import msgspec


class RejectionCode(StrEnum):
    """Why one event was refused: for programs; the message beside it is for people."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    MISSING = "missing"
    EMPTY = "empty"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    TOO_MANY_ENTRIES = "too_many_entries"
    BAD_TEXT = "bad_text"
    UNKNOWN_TYPE = "unknown_type"
    FORBIDDEN_TYPE = "forbidden_type"
    FORBIDDEN_FIELD = "forbidden_field"
    NOT_AN_ID = "not_an_id"
    NOT_AN_INSTANT = "not_an_instant"
    NOT_A_DECIMAL = "not_a_decimal"
    NOT_A_QUANTITY = "not_a_quantity"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CURRENCY = "not_a_currency"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_PHONE = "not_a_phone"
    NOT_A_LOCALE = "not_a_locale"
    NOT_A_TIMEZONE = "not_a_timezone"
    NOT_A_COUNTRY = "not_a_country"
    NOT_A_CONSENT = "not_a_consent"
    NOT_A_URL = "not_a_url"
    FOREIGN_URL = "foreign_url"
    LINK_IN_TEXT = "link_in_text"
    TOO_MANY = "too_many"
    NOT_STORABLE = "not_storable"


ADVICE: dict[RejectionCode, str] = {
    RejectionCode.NOT_JSON: "is not strict JSON",
    RejectionCode.NOT_AN_OBJECT: "must be a JSON object",
    RejectionCode.MISSING: "is needed by this type of event",
    RejectionCode.EMPTY: "must not be empty",
    RejectionCode.WRONG_TYPE: "has the wrong JSON type",
    RejectionCode.TOO_LONG: "is too long",
    RejectionCode.TOO_MANY_ENTRIES: "has too many entries",
    RejectionCode.BAD_TEXT: "holds a NUL or half a surrogate pair, which no database text can hold",
    RejectionCode.UNKNOWN_TYPE: "is no event type of contract version 1",
    RejectionCode.FORBIDDEN_TYPE: "is a type that this key may not write",
    RejectionCode.FORBIDDEN_FIELD: "may not be said with this key",
    RejectionCode.NOT_AN_ID: "must be a real id: printable, without blanks around it, not 'null'",
    RejectionCode.NOT_AN_INSTANT: "must be RFC 3339 with a zone, from 1970 to 2100, such as "
    "2026-10-03T15:02:11Z",
    RejectionCode.NOT_A_DECIMAL: 'must be a decimal string such as "29.90"',
    RejectionCode.NOT_A_QUANTITY: "must be a whole number from 1 to 1000000",
    RejectionCode.OUT_OF_RANGE: "is out of range",
    RejectionCode.NOT_A_CURRENCY: "must be an ISO 4217 code in capitals, such as EUR",
    RejectionCode.NOT_AN_EMAIL: "must be an e-mail address such as ada@example.com",
    RejectionCode.NOT_A_PHONE: "must be a phone number with + and country code, such as "
    "+393331234567",
    RejectionCode.NOT_A_LOCALE: "must be a language tag such as it-IT",
    RejectionCode.NOT_A_TIMEZONE: "must be an IANA time zone such as Europe/Rome",
    RejectionCode.NOT_A_COUNTRY: "must be a country code of two letters, such as IT",
    RejectionCode.NOT_A_CONSENT: "must be granted, denied or unknown",
    RejectionCode.NOT_A_URL: "must be an absolute http or https address",
    RejectionCode.FOREIGN_URL: "must lead to one of the shop's own hosts",
    RejectionCode.LINK_IN_TEXT: "must be plain words: no links, no markup",
    RejectionCode.TOO_MANY: "was named too often in the past hour: try again later",
    RejectionCode.NOT_STORABLE: "could not be stored by the database",
}


class Rejection(msgspec.Struct, frozen=True, gc=False):
    """One refused event. `index` counts from 0 in the request; `field` is a path or empty.

    A path looks like `cart.items[0].unit_price`.
    """

    index: int
    field: str
    code: RejectionCode
    message: str


class Invalid(ValueError):
    """A value breaks the contract: `field` says where, `code` why, `message` what to do."""

    def __init__(self, field: str, code: RejectionCode, advice: str | None = None) -> None:
        self.field = field
        self.code = code
        self.message = f"{field or 'the event'} {advice or ADVICE[code]}"
        super().__init__(self.message)

    def rejection(self, index: int) -> Rejection:
        """The same as a value, for the event at `index`."""
        return Rejection(index, self.field, self.code, self.message)


class BadBody(ValueError):
    """A whole body cannot be read; `code`: not_json, not_an_instant, no_events, too_many_events."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
