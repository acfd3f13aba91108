"""Where blocks stand: in the mail itself, or in a cell of a columns block."""

from typing import NamedTuple

import msgspec

from ripresa.domain.templates.blocks.document import WIDE, Block, Document, Split

Blocks = tuple[Block, ...]


class Place(NamedTuple):
    """Number `at` in the mail, or in cell `cell` of the block `parent`."""

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
    return None


def without(blocks: Blocks, block_id: str) -> Blocks:
    """The blocks without one of them."""
    return tuple(
        msgspec.structs.replace(one, cells=tuple(without(cell, block_id) for cell in one.cells))
        if one.cells
        else one
        for one in blocks
        if one.id != block_id
    )


def put(blocks: Blocks, block: Block, place: Place) -> Blocks:
    """The blocks with one more, at `place`; beyond the end: at the end. Raises NoPlace."""
    if not place.parent:
        return _inserted(blocks, block, place.at)
    if block.kind in WIDE:
        raise NoPlace("this block needs the whole width: it can't stand in a column")
    parent = next((one for one in blocks if one.id == place.parent), None)
    if parent is None or not 0 <= place.cell < len(parent.cells):
        raise NoPlace("that column is gone meanwhile")
    cells = list(parent.cells)
    cells[place.cell] = _inserted(cells[place.cell], block, place.at)
    return replaced(blocks, msgspec.structs.replace(parent, cells=tuple(cells)))


def replaced(blocks: Blocks, block: Block) -> Blocks:
    """The blocks with one of them changed."""
    found = []
    for one in blocks:
        if one.id == block.id:
            found.append(block)
        elif one.cells:
            cells = tuple(replaced(cell, block) for cell in one.cells)
            found.append(msgspec.structs.replace(one, cells=cells))
        else:
            found.append(one)
    return tuple(found)


def split_into(block: Block, split: Split) -> Block:
    """A columns block with other widths; what stood in a column too many comes to the end of the last."""
    count = split.count(":") + 1
    cells = [*block.cells[:count], *([()] * (count - len(block.cells)))]
    for cell in block.cells[count:]:
        cells[-1] = (*cells[-1], *cell)
    return msgspec.structs.replace(block, split=split, cells=tuple(cells))


def _inserted(blocks: Blocks, block: Block, index: int) -> Blocks:
    at = min(max(index, 0), len(blocks))
    return (*blocks[:at], block, *blocks[at:])
