"""Shadow mode at the desk: what would go is told as such, and nothing goes."""

from collections.abc import Mapping

from ripresa.contracts.reasons import Reason
from ripresa.domain.shops.models import Shop
from ripresa.usecases.sending.desk import Desk
from ripresa.usecases.sending.turns import Turn


def is_of_shadow(turn: Turn, shop: Shop) -> bool:
    """Whether a message belongs to the time before the switch-over: another system has written about it.

    A reminder does by when its cart was left, everything else by when it was planned for. What
    somebody sends by hand he sends now.
    """
    message = turn.message
    if shop.shadow_since is not None or shop.shadow_until is None or message.is_by_hand:
        return False
    since = message.left_at if message.is_of_recovery else message.planned_for
    return since < shop.shadow_until


def leave_in_shadow(desk: Desk, turn: Turn) -> None:
    """Skip a message of the time before the switch-over, unless what it was planned for is over anyway."""
    if turn.message.ended is not None:
        desk.take(turn)
        return
    _drop(desk, turn, turn.message.address, {"left_at": turn.message.left_at.isoformat()})


def keep_silent(desk: Desk) -> None:
    """Skip all that is ready: with its rule and language, and without a code, a deal or a charge."""
    for one in desk.ready:
        told = {"rule": one.rule, "language": one.language}
        _drop(desk, one.turn, one.to.text, told)
    desk.ready = []


def _drop(desk: Desk, turn: Turn, address: str | None, told: Mapping[str, str]) -> None:
    """Skip it for good; what counts from it, if it is a notice, waits for it no more."""
    desk.verdicts.append(desk.skipped(turn, Reason.SHADOW, address, told))
    desk.over.append(turn.message.origin_id)
    if turn.step.is_notice:
        desk.extra.notices.pop((turn.message.origin_id, turn.message.step_number), None)
