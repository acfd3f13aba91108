"""The closed vocabulary of the audit log: what was done, and to what kind of thing."""

from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What was done. One more is one more line here, and its word in the console's `audit/words.py`."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    PUBLISHED = "published"
    WENT_LIVE = "went_live"
    PAUSED = "paused"
    RESUMED = "resumed"
    STARTED = "started"
    STOPPED = "stopped"
    ENDED = "ended"
    SENT = "sent"
    TRIED = "tried"
    INVITED = "invited"
    JOINED = "joined"
    REVOKED = "revoked"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    IMPORTED = "imported"
    EXPORTED = "exported"
    MERGED = "merged"
    SPLIT = "split"
    ERASED = "erased"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


class About(StrEnum):
    """What kind of thing it was done to."""

    SHOP = "shop"
    SENDING = "sending"
    MEMBER = "member"
    API_KEY = "api_key"
    ACCESS_KEY = "access_key"
    SCENARIO = "scenario"
    CAMPAIGN = "campaign"
    SEGMENT = "segment"
    TEMPLATE = "template"
    PICTURE = "picture"
    COUPONS = "coupons"
    SENDER = "sender"
    PROVIDER = "provider"
    CONNECTION = "connection"
    WEBHOOK = "webhook"
    POPUP = "popup"
    SHADOW = "shadow"
    RETENTION = "retention"
    CONSENT = "consent"
    TRACKING = "tracking"
    FEATURE = "feature"
    HOURS = "hours"
    LEGAL = "legal"
    PIPELINE = "pipeline"
    AGENT = "agent"
    CONTACT = "contact"
    SUPPRESSION = "suppression"
    FILE = "file"
    MESSAGE = "message"
    CART = "cart"


class Subject(NamedTuple):
    """What it was done to. `id`: of its row, or a word; `name`: how the shop calls it, of no person."""

    about: About
    id: object = ""
    name: str = ""
