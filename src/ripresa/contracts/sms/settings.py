"""Settings that providers of short messages have in common, and the check of them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingSms
from ripresa.contracts.provider import BadSettings, Setting
from ripresa.contracts.sms.folding import cheapest
from ripresa.contracts.sms.sending import is_origin

SENDER = Setting(
    "sender",
    "the name (up to 11 letters and digits) or number that messages come from, as the provider "
    "has approved it; empty: what each scenario says",
    default="",
)
FEEDBACK_URL = Setting(
    "feedback_url",
    "where delivery reports are sent; empty: the account's own address at this installation",
    default="",
)
LOW_BALANCE = Setting(
    "low_balance",
    "the account is held once less than this is left, in the provider's own unit; 0: never",
    default="1",
)
TRANSLITERATE = Setting(
    "transliterate",
    "yes: what is outside the GSM alphabet is written with what is in it, where that saves a part "
    "(ș as s, Ваша as Vasha); no: every text goes as it was written",
    default="no",
)


def API_URL(default: str, remark: str) -> Setting:  # noqa: N802  (stands among constants)
    """Where the provider's API is found."""
    return Setting("api_url", f"where its API is found; {remark}", default=default)


def checked(settings: Mapping[str, str]) -> None:
    """Raises BadSettings for what can't be, of the settings above that are there."""
    for name in ("api_url", "feedback_url", "url"):
        if (text := settings.get(name, "")) and not _is_web_address(text):
            raise BadSettings(
                say("{name} must be an http(s) address, not {text!r}", name=name, text=text)
            )
    sender = settings.get("sender", "")
    if sender and not is_origin(sender):
        raise BadSettings(
            say(
                "sender must be up to 11 letters and digits, or a number such as +393331234567, "
                "not {sender!r}",
                sender=sender,
            )
        )
    if settings.get("transliterate", "no") not in {"yes", "no"}:
        raise BadSettings(
            say(
                "{name} must be yes or no, not {text!r}",
                name="transliterate",
                text=settings["transliterate"],
            )
        )
    low_balance(settings)


def text_of(sms: OutgoingSms, settings: Mapping[str, str]) -> str:
    """The text of `sms` as this account sends it."""
    return cheapest(sms.text, sms.language) if settings["transliterate"] == "yes" else sms.text


def low_balance(settings: Mapping[str, str]) -> Decimal:
    """Below what the account is held; 0 where nothing was said. Raises BadSettings."""
    text = settings.get("low_balance", "0")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise BadSettings(say("low_balance must be a number such as 2.50, not {text!r}", text=text))
    return amount


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
