"""The merge fields a template may use, what each of them is, and which may be empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ripresa.contracts.calling.sayings import Saying, say


class Kind(StrEnum):
    """What a field or an expression is. Only the printable ones may stand in `{{ … }}`."""

    TEXT = "text"
    URL = "address"  # http or https by promise of the context, or empty
    QUERY = "URL-encoded text"
    NUMBER = "number"
    TRUTH = "yes or no"
    LIST = "list"
    GROUP = "group of fields"


_CALLED: Mapping[Kind, Saying] = {
    Kind.TEXT: say("text"),
    Kind.URL: say("address"),
    Kind.QUERY: say("URL-encoded text"),
    Kind.NUMBER: say("number"),
    Kind.TRUTH: say("yes or no"),
    Kind.LIST: say("list"),
    Kind.GROUP: say("group of fields"),
}

PRINTABLE = frozenset({Kind.TEXT, Kind.URL, Kind.QUERY, Kind.NUMBER})


def called(kind: Kind) -> Saying:
    """A kind's name in a sentence."""
    return _CALLED[kind]


@dataclass(frozen=True, slots=True)
class Field:
    """One merge field. `members` are those of a group, or of each row of a list."""

    kind: Kind
    may_be_empty: bool = False
    members: Mapping[str, "Field"] = field(default_factory=dict)


TEXT = Field(Kind.TEXT)
MAYBE_TEXT = Field(Kind.TEXT, may_be_empty=True)
URL = Field(Kind.URL)
MAYBE_URL = Field(Kind.URL, may_be_empty=True)
NUMBER = Field(Kind.NUMBER)


def _group(**members: Field) -> Field:
    return Field(Kind.GROUP, members=members)


_ITEMS = Field(
    Kind.LIST,
    members={
        "title": TEXT,
        "variant": MAYBE_TEXT,
        "quantity": NUMBER,
        "unit_price": TEXT,
        "line_total": TEXT,
        "image_url": MAYBE_URL,
        "url": MAYBE_URL,
    },
)
_PERSON = {"first_name": MAYBE_TEXT, "last_name": MAYBE_TEXT, "name": MAYBE_TEXT}

FIELDS: Mapping[str, Field] = {
    "person": _group(**_PERSON, email=TEXT, phone=MAYBE_TEXT, has_bought=Field(Kind.TRUTH)),
    "agent": _group(**_PERSON, email=MAYBE_TEXT),
    "cart": _group(
        items=_ITEMS,
        first_items=_ITEMS,  # the five a mail has room for
        more_count=NUMBER,  # rows of `items` that `first_items` leaves out
        item_count=NUMBER,  # pieces: the sum of the quantities
        total=TEXT,
    ),
    "links": _group(restore=URL, unsubscribe=URL, view=URL),
    "coupon": _group(code=MAYBE_TEXT, expires_at=MAYBE_TEXT),
    "shop": _group(name=TEXT, url=MAYBE_URL, address=MAYBE_TEXT),
}

# Inside {% for %}. Its name is taken, so a loop's variable can't be called so.
LOOP = _group(index=NUMBER, first=Field(Kind.TRUTH), last=Field(Kind.TRUTH))

# A text that prints this one bare is only for people who hold a coupon: no error, but a need.
COUPON_CODE = "coupon.code"

UNSUBSCRIBE = "links.unsubscribe"

# edrone's way of writing fields, so that its users can bring their texts.
STAR_TAGS: Mapping[str, str] = {
    "COUPON": COUPON_CODE,
    "COUPON_ENDS": "coupon.expires_at",
    "FNAME": "person.first_name",
    "LNAME": "person.last_name",
    "NAME": "person.name",
    "EMAIL": "person.email",
    "CART": "links.restore",
    "UNSUB": UNSUBSCRIBE,
    "ARCHIVE": "links.view",
    "SHOP": "shop.name",
}
