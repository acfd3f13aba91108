"""What a platform asks of us by law: a person's data told or erased, a whole shop's data erased."""

from dataclasses import dataclass
from enum import StrEnum


class PersonalWish(StrEnum):
    """What is wished."""

    TELL = "tell"  # the merchant is asked for a person's data, and asks us for our part
    ERASE = "erase"
    ERASE_SHOP = "erase_shop"


@dataclass(frozen=True, slots=True)
class PersonalRequest:
    """A wish of the platform, with the keys of the person it is about: as it has them, any may be empty.

    `reference` is the platform's own number of it.
    """

    wish: PersonalWish
    email: str = ""
    phone: str = ""
    customer_id: str = ""
    reference: str = ""
