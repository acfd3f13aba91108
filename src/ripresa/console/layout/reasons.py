"""The closed list of reasons (contracts/reasons.py), each as a sentence a merchant understands.

The outcome (sent, held, not sent, cancelled, failed) always stands beside it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    # sent
    "due": _("It was due, and every check allowed it."),
    "manual": _("Sent by hand."),
    # held
    "quiet_hours": _("Quiet hours at the recipient's place."),
    "cap": _("Too soon after the message before."),
    "paused": _("The scenario or its sender is paused."),
    "stopped": _("All sending of the shop is stopped."),
    "agent_first": _("The sales agent has it first."),
    "switched_off": _("It needs something that is switched off for this shop."),
    "warm_up": _("Its domain bounces or complains: it gets few mails for a while."),
    # skipped
    "no_email": _("No e-mail address is known that takes mail."),
    "no_phone": _("No phone number is known."),
    "no_address": _("No postal address is known."),
    "no_consent": _("No consent for this channel."),
    "legal_basis": _("The legal basis does not allow it."),
    "suppressed": _("The address is suppressed after a bounce or a complaint."),
    "recent_order": _("The person ordered only recently."),
    "holdout": _("The person is in the hold-out group that gets nothing."),
    "audience": _("The person is not in the scenario's audience."),
    "no_branch": _("No branch of the scenario fits this cart."),
    "only_if": _("The step's own condition did not hold."),
    "currency_mismatch": _("A money condition is in another currency than the cart."),
    "no_coupon": _("No coupon was left."),
    "coupon_cap": _("The person had a coupon only recently."),
    "no_translation": _("The text is missing in the person's language."),
    "sold_out": _("Nothing in the cart can be bought any more."),
    "stale": _("Too late to make sense, or overtaken by the next step."),
    "bot": _("A crawler filled this cart."),
    "test_order": _("A test cart."),
    "before_activation": _("Abandoned before the scenario first went live."),
    "lower_priority": _("Another scenario with a higher priority took the cart."),
    "erased": _("The person's data was erased."),
    "shadow": _("Decided in shadow mode: nothing leaves."),
    # cancelled
    "ordered": _("The person ordered."),
    "closed": _("The person ordered otherwise."),
    "reopened": _("The person came back to the cart."),
    "emptied": _("The cart was emptied."),
    "superseded": _("A newer cart of the same person took over."),
    "expired": _("The cart grew too old."),
    "unsubscribed": _("The person unsubscribed."),
    "replied": _("The person replied."),
    "agent_contact": _("The agent is in contact with the person."),
    "scenario_ended": _("The scenario was ended."),
    "by_hand": _("By hand."),
    # failed and unknown
    "refused": _("The provider refused it for good."),
    "gave_up": _("The provider could not be reached in time, again and again."),
    "unknown": _("Nobody can tell whether it arrived: the line broke after it was handed over."),
}


def sentence(reason: str | None) -> str:
    """The sentence for a reason; empty for none, the bare code for one a newer worker wrote."""
    return str(SENTENCES.get(reason, reason)) if reason else ""
