"""What is heard of messages, in words: on the page of a cart and in `ripresa explain`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ripresa.domain.messages.models import MessageFeedback

_TITLES = {
    "accepted": _lazy("On its way"),
    "delayed": _lazy("Delayed"),
    "delivered": _lazy("Delivered"),
    "bounced": _lazy("Came back"),
    "cancelled": _lazy("Taken back"),
    "complained": _lazy("Marked as spam"),
    "unsubscribed": _lazy("Unsubscribed by way of the provider"),
    "subscribed": _lazy("Asked to hear from us again"),
    "opened": _lazy("Opened"),
    "clicked": _lazy("Clicked"),
    "replied": _lazy("Answered"),
    "auto_replied": _lazy("Answered by itself"),
    "other": _lazy("Told by the provider"),
}
_BY_MACHINE = {
    "opened": _lazy("Opened by a machine"),
    "clicked": _lazy("Clicked by a machine"),
}
_TONES = {
    "delivered": "green",
    "bounced": "red",
    "complained": "red",
    "delayed": "amber",
    "unsubscribed": "amber",
}
_REASONS = {
    "unknown": _lazy("There is no such address."),
    "disabled": _lazy("The address is closed."),
    "full": _lazy("The mailbox is full."),
    "policy": _lazy("The sender was refused."),
    "content": _lazy("The words, size or format were refused."),
    "credit": _lazy("The account has no credit left."),
    "expired": _lazy("The provider tried for too long."),
    "network": _lazy("The other side could not be reached."),
    "opted_out": _lazy("The provider keeps an opt-out of this address."),
    "unclear": _lazy("Nobody says why."),
}


def title_of(heard: MessageFeedback) -> str:
    """What happened."""
    if heard.verdict == "machine":
        return str(_BY_MACHINE[heard.kind])
    return str(_TITLES[heard.kind])


def detail_of(heard: MessageFeedback) -> str:
    """Why, in our words and in the provider's."""
    if heard.verdict == "machine":
        return _("Told by the rule %s.") % heard.verdict_rule
    ours = _REASONS.get(heard.reason or "")
    said = [str(ours) if ours else "", heard.text or heard.url or heard.detail]
    return " ".join(part for part in said if part)


def tone_of(heard: MessageFeedback) -> str:
    """The colour of its dot."""
    return "grey" if heard.verdict == "machine" else _TONES.get(heard.kind, "plain")
