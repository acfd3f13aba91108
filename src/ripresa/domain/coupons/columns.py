"""Which column of a table holds the codes, which their end, and whether the first row names them."""

from collections.abc import Sequence
from typing import NamedTuple

from ripresa.core.delimited.named_columns import (
    ColumnUnclear,
    first_row,
    place_of,
    plain_name,
)

# As `plain_name` leaves them.
_CODE_WORDS = """
    code codes coupon coupons couponcode voucher vouchers vouchercode discountcode promocode promotioncode
    codice codici codicesconto codicecoupon buono buonosconto gutschein gutscheine gutscheincode rabattcode
    cod coduri codcupon codreducere cupon cupón cupom código codigo codepromo codederéduction купон код kod
"""
_END_WORDS = """
    expires expiry expireson expiresat expirydate expiration expirationdate validuntil validto validthru
    enddate endsat endson scadenza datascadenza datadiscadenza validofinoal validofino gültigbis ablaufdatum
    ablauf expiră dataexpirării valabilpânăla válidohasta caducidad expirele dateexpiration срок
"""
_CODE, _END = frozenset(_CODE_WORDS.split()), frozenset(_END_WORDS.split())
NO_COLUMN = "none"


class Columns(NamedTuple):
    """Places from 0. `names`: the first row, if it names the columns; else None."""

    code: int
    end: int | None
    names: tuple[str, ...] | None

    def name(self, place: int) -> str:
        """A column as people say it: its number from 1, and its name if it has one."""
        named = self.names is not None and place < len(self.names)
        return (
            f"{place + 1} {self.names[place].strip()!r}" if named and self.names else f"{place + 1}"
        )


def choose_columns(
    sample: Sequence[Sequence[str]],
    *,
    code: str = "",
    end: str = "",
    has_names: bool | None = None,
) -> Columns:
    """Choose the columns of a table by its first rows, none of them blank.

    `code`, `end`: a column's name or number (from 1), if said; `end` may be "none". `has_names`:
    whether the first row names the columns, if said. Raises ColumnUnclear.
    """
    first = tuple(sample[0])
    said = [each for each in (code, end) if each and each != NO_COLUMN]
    if has_names is None:
        has_names = any(not each.isdecimal() for each in said) or _names_columns(sample)
    names = first if has_names else None
    code_at = place_of(code, first, names) if code else _guess_code(first, names)
    if end == NO_COLUMN:
        return Columns(code_at, None, names)
    return Columns(code_at, place_of(end, first, names) if end else _guess_end(names), names)


def _guess_code(first: Sequence[str], names: Sequence[str] | None) -> int:
    if len(first) == 1:
        return 0
    found = [at for at, name in enumerate(names or ()) if plain_name(name) in _CODE]
    if len(found) != 1:
        raise ColumnUnclear(
            "which column holds the codes? Say its name or number: the first row is {row}",
            row=first_row(first),
        )
    return found[0]


def _guess_end(names: Sequence[str] | None) -> int | None:
    found = [at for at, name in enumerate(names or ()) if plain_name(name) in _END]
    return found[0] if len(found) == 1 else None


def _names_columns(sample: Sequence[Sequence[str]]) -> bool:
    """Whether the first row looks like names: it has a word for one, or it is unlike all that follow."""
    if any(plain_name(cell) in _CODE | _END for cell in sample[0]):
        return True
    first, *others = [row[0].strip() for row in sample]
    lengths = {len(cell) for cell in others}
    follow_a_pattern = len(others) > 1 and len(lengths) == 1
    return follow_a_pattern and len(first) not in lengths and not any(map(str.isdigit, first))
