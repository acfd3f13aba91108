"""A file of codes, kept between being looked at and being stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from uuid import UUID

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.domain.imports.operations import COUPONS, FileTooLarge, NewFile
from ripresa.domain.shops.models import Shop
from ripresa.usecases.coupons.import_coupons import NotImportable

# About a million codes; what is larger goes by the command line.
MOST_BYTES = 32 << 20


def keep_codes(
    *, shop: Shop, pool: CouponPool, name: str, content: BinaryIO, now: datetime
) -> FileImport:
    """Keep a file for a dynamic pool. Raises NotImportable; then nothing is kept."""
    if pool.kind != "dynamic":
        raise NotImportable(say("{name!r} has one code for everybody", name=pool.name))
    new = NewFile(COUPONS, Path(name).name[:200], "", {"pool": str(pool.id)})
    try:
        return operations.keep(
            shop_id=shop.id, new=new, content=content, most_bytes=MOST_BYTES, now=now
        )
    except FileTooLarge as wrong:
        raise NotImportable(said_by(wrong)) from None


def find_codes(*, shop: Shop, pool: CouponPool, file_id: UUID) -> FileImport | None:
    """The file that waits for this pool."""
    found = operations.find_codes(shop.id, file_id)
    return found if found is not None and found.manner.get("pool") == str(pool.id) else None


def was_kept(*, shop: Shop, pool: CouponPool, file_id: UUID) -> bool:
    """Whether such a file was brought for this pool, be it stored or let go since."""
    found = FileImport.objects.filter(shop_id=shop.id, id=file_id, manner__pool=str(pool.id))
    return found.exists()


@contextmanager
def spooled(kept: FileImport) -> Iterator[Path]:
    """The file on the disk, as long as one looks at it. Raises NotImportable: it is gone."""
    with TemporaryDirectory(prefix="ripresa-codes-") as folder:
        path = Path(folder) / "codes.csv"
        with path.open("wb") as spool:
            is_whole = operations.write_out(kept, spool)
        if not is_whole:
            raise NotImportable("the file is not kept any more: bring it again")
        yield path


def let_go(kept: FileImport, now: datetime) -> None:
    """It is stored, or nobody wants it: the file goes, that it was brought stays."""
    operations.finish(kept, now)
