"""Bring a file: keep it, look at it, let it run, find it again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from uuid import UUID

import msgspec

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.domain.imports.operations import FileTooLarge, NewFile
from ripresa.domain.shops.models import Shop
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner, NotAManner
from ripresa.usecases.files.mappings import NoSuchMapping, find_mapping
from ripresa.usecases.files.previewing import Preview, preview
from ripresa.usecases.files.reading import open_file
from ripresa.usecases.tables.importing import NotImportable

# Some million rows; more is brought in several files.
MOST_BYTES = 1 << 30
_LONGEST_NAME = 200  # bytes, which every file system takes


class NoSuchImport(Exception):
    """There is no import of that id."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file to import, and how it is to be read. `mapping`: a named one, or a file of one."""

    kind: str
    name: str
    mapping: str
    said: Manner

    def manner(self, shop: Shop) -> Manner:
        """All that holds for this file in this shop. Raises NotImportable."""
        if self.kind not in KINDS:
            raise NotImportable(
                say("files hold {known}, not {kind!r}", known=", ".join(KINDS), kind=self.kind)
            )
        try:
            self.said.check()
            named = find_mapping(self.mapping, self.kind) if self.mapping else None
        except (NotAManner, NoSuchMapping) as wrong:
            raise NotImportable(said_by(wrong)) from None
        return (named.manner(self.said) if named else self.said).for_shop(shop)


def bring(*, shop: Shop, brought: Brought, content: BinaryIO, now: datetime) -> FileImport:
    """Keep a file, waiting to be started. Raises NotImportable; then nothing is kept."""
    new = _new_file(shop, brought)
    try:
        return operations.keep(
            shop_id=shop.id, new=new, content=content, most_bytes=MOST_BYTES, now=now
        )
    except FileTooLarge as wrong:
        raise NotImportable(said_by(wrong)) from None


def expect(*, shop: Shop, brought: Brought, now: datetime) -> FileImport:
    """An import whose file comes in pieces, see `put_piece`. Raises NotImportable."""
    return operations.expect(shop_id=shop.id, new=_new_file(shop, brought), now=now)


def put_piece(one: FileImport, number: int, content: bytes) -> None:
    """Keep a piece of it. Raises PieceRefused, FileTooLarge."""
    operations.put_piece(one, number, content, most_bytes=MOST_BYTES)


def _new_file(shop: Shop, brought: Brought) -> NewFile:
    manner = msgspec.to_builtins(brought.manner(shop))
    return NewFile(brought.kind, Path(brought.name).name[:200], brought.mapping, manner)


def look_at(one: FileImport, *, now: datetime, most: int | None) -> Preview:
    """What a kept file would do. Raises NotImportable."""
    with TemporaryDirectory(prefix="ripresa-preview-") as folder, open_spool(folder, one) as spool:
        if not operations.write_out(one, spool):
            raise NotImportable(say("the file is not kept any more: bring it again to look at it"))
        manner = msgspec.convert(one.manner, Manner)
        return preview(open_file(Path(spool.name), one.kind, manner), now=now, most=most)


def open_spool(folder: str, one: FileImport) -> BinaryIO:
    """A file under the name that it came with, as far as that is one."""
    name = Path(one.name).name
    is_name = name.strip(". ") and len(name.encode()) <= _LONGEST_NAME
    return (Path(folder) / (name if is_name else "file")).open("wb")


def find_same(*, shop_id: int, kind: str, path: Path) -> FileImport | None:
    """The newest import of the very same file that is not done."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return operations.find_unfinished(shop_id, kind, digest)


def find_import(shop_id: int, import_id: UUID) -> FileImport:
    """One import. Raises NoSuchImport."""
    found = operations.find(shop_id, import_id)
    if found is None:
        raise NoSuchImport(f"there is no import {import_id}")
    return found


def plain(one: FileImport) -> dict[str, Any]:
    """An import as programs read it."""
    return {
        "id": str(one.id),
        "kind": one.kind,
        "name": one.name,
        "mapping": one.mapping,
        "state": one.state,
        "trouble": one.trouble,
        "size": one.size,
        "done_bytes": one.done_bytes,
        "position": one.position,
        "good": one.good,
        "wrong": one.wrong,
        "flawed": one.flawed,
        "fresh": one.fresh,
        "created_at": one.created_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
    }
