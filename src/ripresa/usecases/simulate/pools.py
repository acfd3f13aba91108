"""The pools of coupons that a simulated shop has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ripresa.domain.coupons.pools import create_pool
from ripresa.domain.shops.models import Shop
from ripresa.usecases.coupons.import_coupons import Said, reading


class Filled(NamedTuple):
    """A pool at the beginning. `codes`: None where one is for everybody; `left_out`: rows of no use."""

    codes: int | None
    left_out: int


@dataclass(frozen=True, slots=True)
class Pools:
    """By name: a file with a code a row (dynamic), or one code for everybody (static)."""

    files: Mapping[str, Path] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Of all of them."""
        return frozenset(self.files) | frozenset(self.codes)


def lay_pools(*, shop: Shop, pools: Pools, now: datetime) -> dict[str, Filled]:
    """Lay the pools and fill them, as an import would. Raises NotImportable, PoolRefused, PoolExists."""
    filled = {}
    for name, code in pools.codes.items():
        create_pool(shop_id=shop.id, name=name, now=now, code=code)
        filled[name] = Filled(None, 0)
    for name, path in pools.files.items():
        pool = create_pool(shop_id=shop.id, name=name, now=now)
        with reading(shop=shop, pool=pool, path=path, said=Said(), now=now) as found:
            stored = found.store()
            counts = found.staging.counts
        left_out = found.source.wrong + counts.repeated + counts.known + counts.elsewhere
        filled[name] = Filled(stored, left_out)
    return filled
