"""Tombstones: the keys of people who were erased, as keyed hashes (CNS-6)."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from ripresa.core import query
from ripresa.domain.contacts.erasure.keyed_hash import keyed_hash
from ripresa.domain.contacts.models import Tombstone

_run = partial(query.run, "ripresa.domain.contacts")


def lay(*, shop_id: int, keys: Iterable[str], by: str, now: datetime) -> None:
    """Lay a tombstone on each key. One that lies there stays as it is."""
    hashes = sorted(_hash(shop_id, key).hex() for key in keys)
    _run("add_tombstones", shop_id=shop_id, hashes=hashes, by=by, now=now)


def erased_among(shop_id: int, keys: Iterable[str]) -> frozenset[str]:
    """Those of `keys` (`email:…`, `customer:…`, `phone:…`) whose person was erased."""
    by_hash = {_hash(shop_id, key).hex(): key for key in keys}
    if not by_hash or not has_any(shop_id):
        return frozenset()
    found = _run("find_tombstones", shop_id=shop_id, hashes=sorted(by_hash))
    return frozenset(by_hash[found_hash] for (found_hash,) in found)


def has_any(shop_id: int) -> bool:
    """Whether anybody was ever erased in this shop: most hashing can be spared."""
    return Tombstone.objects.filter(shop_id=shop_id).exists()


def _hash(shop_id: int, key: str) -> bytes:
    # The shop is part of it: two shops of one install can't compare their tombstones.
    return keyed_hash("tombstone", f"{shop_id} {key}")
