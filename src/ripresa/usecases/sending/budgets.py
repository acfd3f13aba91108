"""Budgets at hand-over: what a campaign can't pay for waits, and the campaign pauses itself (CMP-3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ripresa.domain.campaigns import budgets
from ripresa.domain.campaigns.budgets import Purse, Spent
from ripresa.domain.scenarios.sending.due_messages import DueMessage
from ripresa.usecases.sending.desk import Desk, Ready, forget_caps, hold
from ripresa.usecases.sending.turns import Claimed


@dataclass(slots=True)
class Spending:
    """The budgets of one hand-over, locked. `shortages`: campaigns whose budget is used up, in words."""

    purses: Mapping[UUID, Purse] = field(default_factory=dict)
    shortages: dict[UUID, str] = field(default_factory=dict)


def keep_budgets(desk: Desk) -> Spending:
    """Take off the desk what no budget pays for; it is held until its campaign is resumed.

    What is due to the same person after such a message was decided on a wrong premise, and is looked at
    again.
    """
    campaign_ids = {
        one.turn.message.scenario_id for one in desk.ready if one.turn.message.is_of_campaign
    }
    if not campaign_ids:
        return Spending()
    spending = Spending(budgets.open_purses(shop_id=desk.shop.id, campaign_ids=campaign_ids))
    going: list[Ready] = []
    upset: set[UUID] = set()
    for one in desk.ready:
        message = one.turn.message
        purse = spending.purses.get(message.scenario_id)
        if message.contact_id in upset:
            desk.passed.add(message.contact_id)
        elif purse is None or message.was_claimed or purse.take(message.channel):
            going.append(one)
        else:
            spending.shortages[message.scenario_id] = purse.shortage
            hold(desk, one)
            upset.add(message.contact_id)
    desk.ready = going
    forget_caps(desk, upset)
    return spending


def charge(shop_id: int, claimed: Sequence[Claimed], spending: Spending) -> None:
    """Note what was claimed for the first time in the budgets that pay for it."""
    if spending.purses:
        spent = [
            (one.message.scenario_id, one.message.channel)
            for one in claimed
            if not one.message.was_claimed
        ]
        budgets.charge(shop_id=shop_id, spent=spent, purses=spending.purses)


def uncharge(shop_id: int, over: Iterable[DueMessage]) -> None:
    """Count off messages that were claimed and are over, and did not leave."""
    budgets.uncharge(
        shop_id=shop_id,
        spent=[Spent(one.origin_kind, one.origin_id, one.channel) for one in over],
    )


def uncharge_dropped(desk: Desk) -> None:
    """Count off what was claimed once, and is skipped or cancelled now."""
    over = {one.message_id for one in desk.verdicts if one.state != "planned"}
    uncharge(
        desk.shop.id,
        [
            message
            for person in desk.people.values()
            for message in person.due
            if message.was_claimed and message.is_of_campaign and message.id in over
        ],
    )
