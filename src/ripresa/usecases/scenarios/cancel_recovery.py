"""End one recovery by hand: nothing of it leaves any more (`by_hand`)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.reasons import Reason
from ripresa.domain.contacts import locking as contacts
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios import operations as scenarios
from ripresa.domain.scenarios.models import Recovery


class NoSuchRecovery(Exception):
    """The shop has no such recovery."""


class RecoveryIsOver(Exception):
    """It ended before; the message says how."""


@transaction.atomic
def cancel_recovery(*, shop_id: int, recovery_id: UUID, now: datetime) -> None:
    """Cancel a recovery and all that is planned for it, each message with its decision.

    What is on the wire at this moment still arrives. Raises NoSuchRecovery, RecoveryIsOver.
    """
    recovery = _locked(shop_id, recovery_id)
    if recovery.state not in {"waiting", "active"}:
        raise RecoveryIsOver(f"the recovery is {recovery.state} already")
    planned = Message.objects.filter(
        shop_id=shop_id, origin_kind="recovery", origin_id=recovery_id, state="planned"
    )
    messages: list[UUID | None] = list(
        planned.order_by("step_number", "channel").values_list("id", flat=True)
    )
    scenarios.cancel_runs(
        shop_id=shop_id,
        runs=[(recovery_id, message, Reason.BY_HAND) for message in messages or [None]],
        now=now,
    )


def _locked(shop_id: int, recovery_id: UUID) -> Recovery:
    """The recovery, its person locked: as hand-over does, so that neither overtakes the other."""
    contact_id = _find(shop_id, recovery_id).contact_id
    while True:
        contacts.lock(shop_id=shop_id, contact_ids=[contact_id])
        recovery = _find(shop_id, recovery_id)
        if recovery.contact_id == contact_id:
            return recovery
        contact_id = recovery.contact_id  # a merge was faster


def _find(shop_id: int, recovery_id: UUID) -> Recovery:
    found = Recovery.objects.filter(shop_id=shop_id, id=recovery_id).first()
    if found is None:
        raise NoSuchRecovery(str(recovery_id))
    return found
