"""The closed list of outcomes and reasons: what a decision may say (promise 5).

A new reason is added to the contract of scenario files first; the console has a sentence for each.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a message or a recovery at one decision."""

    SENT = "sent"
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why. Grouped by the outcome it stands with."""

    # sent
    DUE = "due"
    MANUAL = "manual"
    # held
    QUIET_HOURS = "quiet_hours"
    CAP = "cap"
    PAUSED = "paused"
    STOPPED = "stopped"
    AGENT_FIRST = "agent_first"
    WARM_UP = "warm_up"
    SWITCHED_OFF = "switched_off"
    # skipped
    NO_EMAIL = "no_email"
    NO_PHONE = "no_phone"
    NO_ADDRESS = "no_address"
    NO_CONSENT = "no_consent"
    LEGAL_BASIS = "legal_basis"
    SUPPRESSED = "suppressed"
    RECENT_ORDER = "recent_order"
    HOLDOUT = "holdout"
    AUDIENCE = "audience"
    NO_BRANCH = "no_branch"
    ONLY_IF = "only_if"
    CURRENCY_MISMATCH = "currency_mismatch"
    NO_COUPON = "no_coupon"
    COUPON_CAP = "coupon_cap"
    NO_TRANSLATION = "no_translation"
    SOLD_OUT = "sold_out"
    STALE = "stale"
    BOT = "bot"
    TEST_ORDER = "test_order"
    BEFORE_ACTIVATION = "before_activation"
    LOWER_PRIORITY = "lower_priority"
    ERASED = "erased"
    SHADOW = "shadow"
    # cancelled
    ORDERED = "ordered"
    CLOSED = "closed"
    REOPENED = "reopened"
    EMPTIED = "emptied"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNSUBSCRIBED = "unsubscribed"
    REPLIED = "replied"
    AGENT_CONTACT = "agent_contact"
    SCENARIO_ENDED = "scenario_ended"
    BY_HAND = "by_hand"
    # failed
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    # unknown
    UNKNOWN = "unknown"
