"""What a number tells: its country, and whether it earns whoever owns it money.

A storefront's form takes any number, and who owns a premium one can have hundreds of messages sent to
it ("SMS pumping"). What kind a number is of follows from the plans of its country (libphonenumber).
"""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

_DEAR = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.TOLL_FREE: "a toll-free number",
    PhoneNumberType.UAN: "a company's access number",
    PhoneNumberType.VOICEMAIL: "a voice-mail access number",
    PhoneNumberType.PAGER: "a pager",
}


@lru_cache(maxsize=16_384)
def fault_of_number(number: str) -> str:
    """What kind of number no message goes to `number` (E.164) is; empty: it may be a person's."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return _DEAR.get(phonenumbers.number_type(parsed), "")


@lru_cache(maxsize=16_384)
def country_of(number: str) -> str:
    """The country of `number` (E.164), ISO 3166, two capitals; empty: it tells none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""
