"""No shop may be called like an address of ours: its pages could not be reached."""

import re
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

from ripresa.entrypoints import asgi
from ripresa.intake.app import PATHS
from ripresa.usecases.shops.create_shop import RESERVED


def _addresses(below: URLResolver, before: str = "") -> Iterator[str]:
    for one in below.url_patterns:
        address = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from _addresses(one, address)
        else:
            yield address


def test_the_first_part_of_every_address_is_no_shop_s_name():
    of_pages = {one for one in _addresses(get_resolver()) if not one.startswith("<slug:slug>")}
    ours = of_pages | {one.lstrip("/") for one in (*PATHS, *asgi._HOT)}
    firsts = {re.split(r"[/(]", one)[0] for one in ours} - {""}
    assert len(firsts) > 10
    assert firsts - RESERVED == set()
