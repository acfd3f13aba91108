"""What a member changes about her own way in, in the audit log of the shop she does it in."""

from ripresa.console.layout.request import ConsoleRequest
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject


def tell_of_factors(
    request: ConsoleRequest, before: dict[str, bool], after: dict[str, bool]
) -> None:
    """She has set up, or taken away, a factor."""
    write_down(
        shop_id=request.shop.id,
        action=Action.CHANGED,
        subject=Subject(About.MEMBER, request.user.id),
        before=before,
        after=after,
        now=request.now,
    )
