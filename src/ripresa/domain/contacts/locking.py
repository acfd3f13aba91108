"""Locking people: before anything about them changes, and in one order for everybody."""

from collections.abc import Iterable
from uuid import UUID

from ripresa.core import query


def lock(*, shop_id: int, contact_ids: Iterable[UUID]) -> None:
    """Lock these people's rows until the transaction ends. Hand-over does the same (promise 1)."""
    ids = sorted(set(contact_ids))
    query.run("ripresa.domain.contacts", "lock_contacts", shop_id=shop_id, ids=ids)
