"""Why no test was sent, in the reader's language."""

from django.utils.translation import gettext as _

from ripresa.usecases.try_sms import NotPossible
from ripresa.usecases.try_text import MOST_PER_HOUR


def sentence(wrong: NotPossible) -> str:
    """What stands against a test, and what to do about it."""
    words = {
        "address": _("Choose an address of somebody who works for this shop."),
        "number": _("A number looks like +393331234567."),
        "suppressed": _("Who has that address or number wants nothing more. Not even a test goes there."),
        "stopped": _("All sending is stopped. Start it again first."),
        "no_sender": _("The shop has no sender yet. Add one in the settings."),
        "unfinished": _("This text is not finished in this language, or needs a coupon."),
        "rate": _("%(count)s tests were sent within an hour. Wait a little.")
        % {"count": MOST_PER_HOUR},
    }  # fmt: skip
    return words.get(wrong.kind) or str(wrong)
