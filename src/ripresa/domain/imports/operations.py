"""Keep files, and how far they were taken in."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, BinaryIO, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Length

from ripresa.contracts.calling.sayings import say
from ripresa.core.ids import new_id
from ripresa.domain.imports.models import FileImport, FilePiece, FileProblem

PIECE_BYTES = 1 << 20
# Complaints beyond these are counted, not kept.
MOST_PROBLEMS = 100_000
# A file that nobody went on with is let go.
KEPT_FOR = timedelta(days=14)
# Codes for a pool: kept as other files are, but brought and stored by other hands.
COUPONS = "coupons"
_UNFINISHED = ("waiting", "running", "stopped", "failed")


class FileTooLarge(Exception):
    """The file is larger than may be kept; the message says how large that is."""


class PieceRefused(Exception):
    """A piece of a file comes at the wrong time, or does not fit; the message says why."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be kept."""

    kind: str
    name: str
    mapping: str
    manner: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """What a share of the rows came to. `position`: the latest row read."""

    position: int
    done_bytes: int
    good: int
    wrong: int
    flawed: int
    fresh: int


@transaction.atomic
def keep(
    *, shop_id: int, new: NewFile, content: BinaryIO, most_bytes: int, now: datetime
) -> FileImport:
    """Keep a whole file in pieces. Raises FileTooLarge."""
    made = expect(shop_id=shop_id, new=new, now=now)
    digest, size = hashlib.sha256(), 0
    for number, piece in enumerate(_pieces(content)):
        size += len(piece)
        if size > most_bytes:
            raise FileTooLarge(
                say(
                    "a file may have {most} MiB: cut it into several",
                    most=most_bytes >> 20,
                )
            )
        digest.update(piece)
        FilePiece.objects.create(shop_id=shop_id, import_id=made.id, number=number, content=piece)
    made.digest, made.size = digest.digest(), size
    _own(made).update(digest=made.digest, size=size)
    return made


def expect(*, shop_id: int, new: NewFile, now: datetime) -> FileImport:
    """An import whose file comes in pieces; old ones that nobody went on with are let go."""
    _let_old_go(shop_id, now)
    return FileImport.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        kind=new.kind,
        name=new.name,
        mapping=new.mapping,
        manner=dict(new.manner),
        digest=b"",
        created_at=now,
    )


@transaction.atomic
def put_piece(one: FileImport, number: int, content: bytes, *, most_bytes: int) -> int:
    """Keep a piece, again if need be; returns the size of the file so far.

    Raises PieceRefused, FileTooLarge.
    """
    held = _own(one).select_for_update().get()
    if held.state != "waiting":
        raise PieceRefused("the file is taken in already: bring another one")
    pieces = FilePiece.objects.filter(shop_id=one.shop_id, import_id=one.id)
    before = pieces.filter(number=number - 1).values_list("content", flat=True).first()
    if number and before is None:
        raise PieceRefused(f"piece {number - 1} is not here yet: send them in their order from 0")
    if before is not None and not bytes(before).endswith((b"\n", b"\n\0")):
        raise PieceRefused(
            f"piece {number - 1} does not end with a line: cut behind an end of line"
        )
    known = sum(pieces.exclude(number=number).values_list(Length("content"), flat=True))
    size = known + len(content)
    if size > most_bytes:
        raise FileTooLarge(
            say("a file may have {most} MiB: cut it into several", most=most_bytes >> 20)
        )
    pieces.filter(number=number).delete()
    FilePiece.objects.create(shop_id=one.shop_id, import_id=one.id, number=number, content=content)
    _own(one).update(size=size)
    return int(size)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    """Cut behind ends of lines, so that what stands in a line is never parted."""
    rest = b""
    while block := content.read(PIECE_BYTES):
        block = rest + block
        cut = block.rfind(b"\n") + 1 or len(block)
        yield block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def _let_old_go(shop_id: int, now: datetime) -> None:
    old = FileImport.objects.filter(shop_id=shop_id, created_at__lt=now - KEPT_FOR).exclude(
        state="running"
    )
    for one in old:
        _drop_pieces(one)


def write_beginning(one: FileImport, target: IO[bytes], pieces: int) -> bool:
    """Put its first pieces together; False: there are none any more."""
    found = FilePiece.objects.filter(shop_id=one.shop_id, import_id=one.id, number__lt=pieces)
    target.writelines(piece.content for piece in found.order_by("number").iterator(chunk_size=4))
    target.flush()
    return target.tell() > 0


def write_out(one: FileImport, target: IO[bytes]) -> bool:
    """Put the file together again; False: pieces of it are gone."""
    pieces = FilePiece.objects.filter(shop_id=one.shop_id, import_id=one.id).order_by("number")
    target.writelines(piece.content for piece in pieces.iterator(chunk_size=4))
    target.flush()
    return target.tell() == one.size


def say_anew(one: FileImport, mapping: str, manner: Mapping[str, Any]) -> bool:
    """How it is to be read, told again before it starts; False: it has started."""
    waiting = _own(one).filter(state="waiting")
    return bool(waiting.update(mapping=mapping, manner=dict(manner)))


@transaction.atomic
def forget(one: FileImport) -> None:
    """As if it had never been brought."""
    _drop_pieces(one)
    _own(one).filter(state="waiting").delete()


def start(one: FileImport, now: datetime) -> bool:
    """Let it run, from where it stands; False: it is done or runs already."""
    idle = _own(one).filter(state__in=["waiting", "stopped", "failed"])
    return bool(
        idle.update(state="running", trouble="", rows_at=one.rows_at or now, touched_at=None)
    )


def stop(one: FileImport) -> bool:
    """Let it stand where it is; False: it did not run."""
    return bool(_own(one).filter(state="running").update(state="stopped"))


def lock_running(*, shop_id: int, import_id: UUID) -> FileImport | None:
    """A running import, held for this transaction; None: it does not run, or somebody else has it."""
    held = FileImport.objects.select_for_update(skip_locked=True)
    return held.filter(shop_id=shop_id, id=import_id, state="running").first()


def advance(one: FileImport, share: Share, now: datetime) -> None:
    """Count a share of the rows; the caller holds the row, and stores what they came to."""
    _own(one).update(
        position=share.position,
        done_bytes=share.done_bytes,
        good=one.good + share.good,
        wrong=one.wrong + share.wrong,
        flawed=one.flawed + share.flawed,
        fresh=one.fresh + share.fresh,
        touched_at=now,
    )


class Complaint(NamedTuple):
    """What was wrong in a row. `is_lost`: the row was left out; else only what is said here."""

    row: int
    column: str
    code: str
    message: str
    is_lost: bool


def add_problems(one: FileImport, problems: Sequence[Complaint]) -> None:
    """Keep complaints, as long as there are not too many."""
    room = MOST_PROBLEMS - (one.wrong + one.flawed)
    FileProblem.objects.bulk_create(
        FileProblem(
            shop_id=one.shop_id,
            id=new_id(one.created_at),
            import_id=one.id,
            row=row,
            column=column,
            code=code,
            message=message,
            is_lost=is_lost,
        )
        for row, column, code, message, is_lost in problems[: max(room, 0)]
    )


def finish(one: FileImport, now: datetime) -> None:
    """All rows were read: its counts and complaints stay.

    The file is let go, unless rows of it were left out: those are taken from it to be mended.
    """
    _own(one).update(state="done", done_bytes=one.size, ended_at=now)
    if not one.wrong:
        _drop_pieces(one)


def fail(one: FileImport, trouble: str, now: datetime) -> None:
    """It can't go on; what was stored stays, and it may be started again."""
    _own(one).update(state="failed", trouble=trouble[:1000], ended_at=now)


def _drop_pieces(one: FileImport) -> None:
    FilePiece.objects.filter(shop_id=one.shop_id, import_id=one.id).delete()


def _own(one: FileImport) -> Any:
    return FileImport.objects.filter(shop_id=one.shop_id, id=one.id)


def list_imports(
    shop_id: int, *, older_than: UUID | None = None, limit: int = 50
) -> list[FileImport]:
    """Imports of a shop, the newest first."""
    found = FileImport.objects.filter(shop_id=shop_id).exclude(kind=COUPONS).order_by("-id")
    if older_than is not None:
        found = found.filter(id__lt=older_than)
    return list(found[:limit])


def find(shop_id: int, import_id: UUID) -> FileImport | None:
    """One import."""
    found = FileImport.objects.filter(shop_id=shop_id, id=import_id)
    return found.exclude(kind=COUPONS).first()


def find_codes(shop_id: int, import_id: UUID) -> FileImport | None:
    """One file of codes for a pool of coupons, as long as it waits."""
    found = FileImport.objects.filter(shop_id=shop_id, id=import_id, kind=COUPONS, state="waiting")
    return found.first()


def find_unfinished(
    shop_id: int, kind: str, digest: bytes, *, but: UUID | None = None
) -> FileImport | None:
    """The newest import of the very same file that is not done, other than `but`."""
    found = FileImport.objects.filter(
        shop_id=shop_id, kind=kind, digest=digest, state__in=_UNFINISHED
    )
    if but is not None:
        found = found.exclude(id=but)
    return found.order_by("-id").first()


def problems_of(one: FileImport) -> Iterator[FileProblem]:
    """Its complaints, in the order of the rows."""
    found = FileProblem.objects.filter(shop_id=one.shop_id, import_id=one.id)
    return found.order_by("row", "column", "id").iterator(chunk_size=1000)


def first_problems(one: FileImport, *, after: int, most: int) -> list[FileProblem]:
    """Up to `most` complaints about rows behind row `after`, in the order of the rows."""
    found = FileProblem.objects.filter(shop_id=one.shop_id, import_id=one.id, row__gt=after)
    return list(found.order_by("row", "column", "id")[:most])


def lost_rows(one: FileImport) -> dict[int, list[str]]:
    """What is wrong with each row that was left out, as far as complaints were kept."""
    lost: dict[int, list[str]] = {}
    found = FileProblem.objects.filter(shop_id=one.shop_id, import_id=one.id, is_lost=True)
    for row, column, message in found.order_by("row", "id").values_list("row", "column", "message"):
        lost.setdefault(row, []).append(f"{column}: {message}" if column else message)
    return lost


def shops_with_running(_now: datetime) -> list[int]:
    """Shops that have a running import."""
    running = FileImport.objects.filter(state="running").order_by("shop_id")
    return list(running.values_list("shop_id", flat=True).distinct())


def running_ids(shop_id: int) -> list[UUID]:
    """The running imports of a shop, the oldest first."""
    running = FileImport.objects.filter(shop_id=shop_id, state="running").order_by("id")
    return list(running.values_list("id", flat=True))
