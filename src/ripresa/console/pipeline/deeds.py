"""What was done with a deal, in words: on its page, and in the story of its cart."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.writing import language
from ripresa.domain.deals.default_pipeline import stage_name
from ripresa.domain.deals.models import DealActivity

# Who acts on a deal when no person does.
_ACTING = {
    "scenario": gettext_lazy("The scenario"),
    "order": gettext_lazy("The order"),
    "cart": gettext_lazy("The cart"),
}


class Deed(NamedTuple):
    """One thing that was done, by whom, and what she noted."""

    title: str
    who: str
    note: str


def in_words(done: DealActivity) -> Deed:
    """One entry of a deal's log."""
    stage = stage_name(done.to_stage, done.stage_called, language()) if done.to_stage else ""
    titles = {
        "opened": _("Deal opened in %s") % stage,
        "moved": _("Deal moved to %s") % stage,
        "taken_over": _("Deal taken over"),
        "snoozed": _("Deal snoozed") if done.until else _("Deal woken"),
        "noted": _("Note on the deal"),
        "called": _("Agent's call"),
        "replied": _("The person answered the agent"),
        "won": _("Deal won: %s") % stage,
        "lost": _("Deal lost"),
        "handed_on": _("Deal handed on to %s") % (done.note or _("nobody")),
        "order_cancelled": _("The deal's order was cancelled"),
    }
    note = "" if done.kind == "handed_on" else done.note
    return Deed(titles[done.kind], str(_ACTING.get(done.who, done.who)), note)
