"""History in bulk: Shopify gathers it into a file of JSON lines, which is fetched whole before it is read.

An operation goes on when we stop looking, so whoever asks again for the same finds it where it stands.
Source: shopify.dev, api/usage/bulk-operations/queries.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from ripresa.connectors.shopify.admin import changes, documents, history
from ripresa.connectors.shopify.admin.client import (
    Admin,
    opened,
    problems_of,
    reading,
)
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.shops.asking import asking
from ripresa.contracts.shops.connector import ShopAway
from ripresa.contracts.shops.errands import HistoryPage

MOST_BYTES = 8 << 30
_PAGE = 250
# About a minute: small histories are ready by then, and a big one is asked for again later.
_LOOKS = 30
_FIRST_LOOK_SECONDS, _LOOK_SECONDS = 0.1, 2.0
_UNDER_WAY = frozenset({"CREATED", "RUNNING"})
_READY = "COMPLETED"
_DENIED = "ACCESS_DENIED"
_Record = dict[str, Any]
_Reader = Callable[[_Record], list[Outcome]]


class _Refused(Exception):
    """Shopify does not gather this for us: page by page it tells what the app may see."""


def back_fill(settings: Mapping[str, str], since: datetime) -> Iterator[HistoryPage]:
    """Orders and checkouts that changed since an instant. Raises ShopAway, NotLetIn.

    In no order, so `until` is said at the end: all that had changed when the first gathering began.
    """
    with opened(settings) as admin:
        try:
            yield from _gathered(admin, since, history.checkout_reader(settings))
        except _Refused:
            for page in history.pages(admin, since, history.checkout_reader(settings)):
                yield HistoryPage(page)


def _gathered(admin: Admin, since: datetime, read_checkout: _Reader) -> Iterator[HistoryPage]:
    changed = history.changed_since(since)
    orders = _gather(admin, documents.orders_in_bulk(changed))
    until = _instant(orders.get("createdAt"))
    yield from _pages(orders, history.order_outcomes)
    yield from _pages(_checkouts(admin, changed), read_checkout)
    yield HistoryPage([], until)


def _checkouts(admin: Admin, changed: str) -> _Record:
    """Nobody says which field was refused: the recovery URL is the one that apps are kept from."""
    try:
        return _gather(admin, documents.checkouts_in_bulk(changed, with_url=True))
    except _Refused:
        return _gather(admin, documents.checkouts_in_bulk(changed, with_url=False))


def _gather(admin: Admin, document: str) -> _Record:
    """The operation for `document`, ready. Raises ShopAway where it takes longer, _Refused."""
    operation = admin.run(documents.LATEST_BULK).get("currentBulkOperation") or {}
    if operation.get("query") != document or not _is_of_use(operation):
        if operation.get("status") in _UNDER_WAY:
            raise ShopAway(
                say("Shopify is gathering something else for this app: asked again later")
            )
        operation = _begin(admin, document)
    for look in range(_LOOKS):
        if operation.get("status") not in _UNDER_WAY:
            return _ready(operation)
        if not admin.wait(min(_FIRST_LOOK_SECONDS * 2**look, _LOOK_SECONDS)):
            break
        operation = admin.run(documents.BULK, {"id": operation["id"]}).get("node") or {}
    raise ShopAway(say("Shopify is still gathering the shop's history: asked again later"))


def _is_of_use(operation: Mapping[str, Any]) -> bool:
    return operation.get("status") in {*_UNDER_WAY, _READY}


def _begin(admin: Admin, document: str) -> _Record:
    payload = admin.run(changes.GATHER, {"query": document}).get("bulkOperationRunQuery") or {}
    operation: _Record = payload.get("bulkOperation") or {}
    if problems_of(payload) or not operation.get("id"):
        raise _Refused
    return operation


def _ready(operation: _Record) -> _Record:
    status, error = operation.get("status"), operation.get("errorCode")
    if error == _DENIED:
        raise _Refused
    if status != _READY:
        raise ShopAway(
            say(
                "Shopify could not gather the shop's history: {status} {error}",
                status=status,
                error=error or "",
            )
        )
    return operation


def _pages(operation: Mapping[str, Any], read: _Reader) -> Iterator[HistoryPage]:
    url = operation.get("url")
    if not url:  # nothing was found
        return
    with tempfile.TemporaryFile() as file:
        with asking(str(url)) as storage:
            storage.save(str(url), file, most=MOST_BYTES)
        file.seek(0)
        page: list[Outcome] = []
        for count, record in enumerate(_grouped(file), start=1):
            with reading("what the schema has"):
                page += read(record)
            if count % _PAGE == 0:
                yield HistoryPage(page)
                page = []
        yield HistoryPage(page)


def _grouped(file: IO[bytes]) -> Iterator[_Record]:
    """Records with their lines inside; in memory there is one at a time."""
    record: _Record | None = None
    for line in file:
        told = _object(line)
        parent = told.get("__parentId")
        if parent is None:
            if record is not None:
                yield record
            record = told
        elif record is None or record.get("id") != parent:
            raise ShopAway(
                say("the file of the shop's history has a line far from what it belongs to")
            )
        else:
            record.setdefault("lineItems", {"nodes": []})["nodes"].append(told)
    if record is not None:
        yield record


def _object(line: bytes) -> _Record:
    try:
        told = json.loads(line, parse_float=Decimal)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ShopAway(say("the file of the shop's history has a line that is no JSON object"))
    return told


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant if instant.tzinfo else None
