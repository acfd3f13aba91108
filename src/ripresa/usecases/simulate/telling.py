"""Write what a simulation decided: messages.jsonl, carts.jsonl, summary.json (contracts/scenario.md).

Where the shop has pools, coupons.jsonl as well.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ripresa.core import query
from ripresa.usecases.simulate.pools import Filled

run = partial(query.run, "ripresa.usecases.simulate")

_MESSAGE = (
    "at", "cart", "recovery", "contact", "scenario", "branch", "step", "channel", "outcome",
    "reason", "to", "subject",
)  # fmt: skip
_CART = (
    "cart", "generation", "contact", "state", "abandoned_at", "recovered_at", "order", "cause",
)  # fmt: skip
_COUPON = ("at", "cart", "recovery", "step", "pool", "code", "expires_at")


def tell(
    *, shop_id: int, folder: Path, counts: dict[str, Any], filled: Mapping[str, Filled]
) -> dict[str, Any]:
    """Write the files into `folder`; returns the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = [_row(_MESSAGE, row) for row in run("messages", shop_id=shop_id)]
    carts = [_row(_CART, row) for row in run("carts", shop_id=shop_id)]
    _write(folder / "messages.jsonl", messages)
    _write(folder / "carts.jsonl", carts)
    outcomes: dict[str, Counter[str]] = {}
    for message in messages:
        outcomes.setdefault(message["outcome"], Counter())[message["reason"]] += 1
    summary: dict[str, Any] = {
        **counts,
        "messages": {
            outcome: dict(sorted(some.items())) for outcome, some in sorted(outcomes.items())
        },
        "carts": dict(sorted(Counter(cart["state"] for cart in carts).items())),
    }
    if filled:
        coupons = [_row(_COUPON, row) for row in run("coupons", shop_id=shop_id)]
        _write(folder / "coupons.jsonl", coupons)
        given = Counter(one["pool"] for one in coupons)
        summary["coupons"] = {
            name: {**pool._asdict(), "given": given[name]} for name, pool in sorted(filled.items())
        }
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")
    return summary


def _row(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(names, values, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
