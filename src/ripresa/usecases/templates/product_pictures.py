"""Pictures of what a shop sells, shown as our own small copies: nobody's browser asks a foreign host.

An address of ours names the foreign one and is signed, so that nobody can make us fetch what he likes.
The picture is fetched when it is first looked at.
"""

import time
from datetime import datetime

from django.core.signing import BadSignature, Signer

from ripresa.core.config import internal_hosts
from ripresa.core.http.client import Call, HttpClient, NoAnswer, NotAsked
from ripresa.domain.media.copies import find_copy, keep_copy
from ripresa.domain.media.imaging import MAX_BYTES
from ripresa.domain.media.models import PictureCopy
from ripresa.domain.templates.context import web_address

PATH = "p"
_SECONDS = 4.0
_OK = 200


def path_of(shop_id: int, address: str) -> str:
    """Where our copy of the picture at `address` is served; empty where that is no address."""
    if not web_address(address):
        return ""
    return f"/{PATH}/{_signer().sign_object([shop_id, address], compress=True)}"


def copy_at(signed: str, now: datetime) -> PictureCopy | None:
    """Our copy of what a path names, fetched if need be; None: nobody signed it.

    One without content could not be had, and says why.
    """
    try:
        shop_id, address = _signer().unsign_object(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    row = find_copy(shop_id, address, now)
    if row is None:
        content, problem = _fetch(address)
        row = keep_copy(shop_id=shop_id, address=address, content=content, problem=problem, now=now)
    return row


def _fetch(address: str) -> tuple[bytes, str]:
    """The bytes at an address, or why there are none."""
    client = HttpClient(connections=1, internal_hosts=internal_hosts())
    try:
        deadline = time.monotonic() + _SECONDS
        answer = client.ask(Call.get(address), deadline=deadline, only_first=MAX_BYTES)
    except (NotAsked, NoAnswer) as trouble:
        return b"", str(trouble)
    finally:
        client.close()
    if answer.status != _OK:
        return b"", f"the shop answered {answer.status}"
    return answer.body, ""


def _signer() -> Signer:
    return Signer(salt="ripresa.product-picture")
