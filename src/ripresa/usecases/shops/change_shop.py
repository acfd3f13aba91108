"""Change what a shop is set to; what hangs on its times follows in the same transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ripresa.core import query
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.scenarios.plans_in_force import plans_of_all
from ripresa.domain.shops.models import Shop
from ripresa.usecases.reporting.keeping import count_all_again
from ripresa.usecases.shops.create_shop import check_settings


class ScenarioTooQuick(Exception):
    """A scenario takes carts up sooner than the shop would find them abandoned; nothing was changed."""


def change_shop(*, shop_id: int, now: datetime, **settings: Any) -> None:
    """Set columns of a shop that is there. Raises NotASetting, ScenarioTooQuick.

    `abandoned_after`: open carts are abandoned by the new time, a shorter one may have passed already.
    `expires_after`: abandoned carts expire by it. `timezone`: figures are counted anew, by its days. What
    was found before stays found.
    """
    check_settings(settings)
    if not settings:
        return
    with transaction.atomic():
        if {"abandoned_after", "expires_after"} & set(settings):
            # A fold under way goes by the old times, and would write them after us.
            inbox.wait_for_turn(shop_id=shop_id)
        # Who imports a scenario looks at the times, and holds the same lock.
        shop = Shop.objects.select_for_update(no_key=True).get(id=shop_id)
        if (abandoned_after := settings.get("abandoned_after")) is not None:
            _refuse_quick_scenarios(shop_id, abandoned_after)
        Shop.objects.filter(id=shop_id).update(**settings)
        write_down(
            shop_id=shop_id,
            action=Action.CHANGED,
            subject=Subject(About.SHOP),
            before={name: getattr(shop, name) for name in settings},
            after=settings,
            now=now,
        )
        if settings.get("timezone", shop.timezone) != shop.timezone:
            # Days begin elsewhere now: all figures are counted anew.
            count_all_again(shop_id=shop_id, now=shop.created_at)
        if abandoned_after is not None:
            _move("move_abandoning", shop_id, abandoned_after)
        if (expires_after := settings.get("expires_after")) is not None:
            _move("move_expiring", shop_id, expires_after)


def _refuse_quick_scenarios(shop_id: int, abandoned_after: timedelta) -> None:
    quick = {
        name: plan.idle
        for name, plan in plans_of_all(shop_id).items()
        if plan.idle.at_least() < abandoned_after
    }
    if quick:
        told = ", ".join(f"{name!r} after {idle}" for name, idle in sorted(quick.items()))
        raise ScenarioTooQuick(
            f"a scenario can't take a cart up before the shop finds it abandoned: {told}. "
            "Give them a longer idle first, or the shop a shorter time"
        )


def _move(name: str, shop_id: int, after: timedelta) -> None:
    query.run("ripresa.domain.carts", name, shop_id=shop_id, after=after)
