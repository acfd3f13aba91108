"""Where blocks stand: in the mail itself, in a cell of a columns block, or in the letter."""

from typing import NamedTuple

import msgspec

from ripresa.domain.templates.blocks.document import (
    KINDS,
    LETTER_KINDS,
    WIDE,
    Block,
    Document,
    Split,
)

Blocks = tuple[Block, ...]
# Stands for a parent where a block is one of the letter.
LETTER = "letter"


class Place(NamedTuple):
    """Number `at` in the mail, or in cell `cell` of the block `parent`, or in the LETTER."""

    at: int
    parent: str = ""
    cell: int = 0


class NoPlace(ValueError):
    """A block can't stand there; the message says why."""


def find(document: Document, block_id: str) -> Block | None:
    """A block, wherever it stands."""
    return next((one for one in document.walk() if one.id == block_id), None)


def place_of(document: Document, block_id: str) -> Place | None:
    """Where a block stands."""
    for index, block in enumerate(document.blocks):
        if block.id == block_id:
            return Place(index)
        for number, cell in enumerate(block.cells):
            for inner, each in enumerate(cell):
                if each.id == block_id:
                    return Place(inner, block.id, number)
    for index, block in enumerate(document.letter):
        if block.id == block_id:
            return Place(index, LETTER)
    return None


def taken_out(document: Document, block_id: str) -> Document:
    """The document without one of its blocks, and without its words."""
    mail = document.with_blocks(_without(document.blocks, block_id))
    return mail.with_letter(_without(document.letter, block_id))


def moved(document: Document, block: Block, place: Place) -> Document:
    """The document, one of its blocks being at another place. Raises NoPlace."""
    bare = msgspec.structs.replace(
        document,
        blocks=_without(document.blocks, block.id),
        letter=_without(document.letter, block.id),
    )
    return put(bare, block, place)


def put(document: Document, block: Block, place: Place) -> Document:
    """The document with one more block, at `place`; beyond the end: at the end. Raises NoPlace."""
    allowed = LETTER_KINDS if place.parent == LETTER else KINDS
    if block.kind not in allowed:
        raise NoPlace(f"{block.kind} can't stand there; what can: {', '.join(allowed)}")
    if place.parent == LETTER:
        return document.with_letter(_inserted(document.letter, block, place.at))
    return document.with_blocks(_put(document.blocks, block, place))


def replaced(document: Document, block: Block) -> Document:
    """The document with one of its blocks changed."""
    mail = document.with_blocks(_replaced(document.blocks, block))
    return mail.with_letter(_replaced(document.letter, block))


def split_into(block: Block, split: Split) -> Block:
    """A columns block with other widths; what stood in a column too many comes to the end of the last."""
    count = split.count(":") + 1
    cells = [*block.cells[:count], *([()] * (count - len(block.cells)))]
    for cell in block.cells[count:]:
        cells[-1] = (*cells[-1], *cell)
    return msgspec.structs.replace(block, split=split, cells=tuple(cells))


def _without(blocks: Blocks, block_id: str) -> Blocks:
    return tuple(
        msgspec.structs.replace(one, cells=tuple(_without(cell, block_id) for cell in one.cells))
        if one.cells
        else one
        for one in blocks
        if one.id != block_id
    )


def _put(blocks: Blocks, block: Block, place: Place) -> Blocks:
    if not place.parent:
        return _inserted(blocks, block, place.at)
    if block.kind in WIDE:
        raise NoPlace("this block needs the whole width: it can't stand in a column")
    parent = next((one for one in blocks if one.id == place.parent), None)
    if parent is None or not 0 <= place.cell < len(parent.cells):
        raise NoPlace("that column is gone meanwhile")
    cells = list(parent.cells)
    cells[place.cell] = _inserted(cells[place.cell], block, place.at)
    return _replaced(blocks, msgspec.structs.replace(parent, cells=tuple(cells)))


def _replaced(blocks: Blocks, block: Block) -> Blocks:
    found = []
    for one in blocks:
        if one.id == block.id:
            found.append(block)
        elif one.cells:
            cells = tuple(_replaced(cell, block) for cell in one.cells)
            found.append(msgspec.structs.replace(one, cells=cells))
        else:
            found.append(one)
    return tuple(found)


def _inserted(blocks: Blocks, block: Block, index: int) -> Blocks:
    at = min(max(index, 0), len(blocks))
    return (*blocks[:at], block, *blocks[at:])
