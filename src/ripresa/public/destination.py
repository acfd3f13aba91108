"""Where a restore page may lead. A cart's own address is what some page claimed: not trusted."""

import re
from collections.abc import Sequence
from urllib.parse import quote

# Strict on purpose: user names, backslashes and foreign letters in the host are how a browser and a
# server come to read different hosts out of one address.
_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+)(:[0-9]{1,5})?([/?#][^\s\\\x00-\x1f\x7f]*)?")

# Where a shop wants the code of a coupon in its own address: {coupon}, as addresses write braces.
_CODE = re.compile("%7Bcoupon%7D", re.IGNORECASE)


def is_address(url: str) -> bool:
    """Whether a browser and we read the same host out of it, over http(s)."""
    return _ADDRESS.fullmatch(url) is not None


def trusted(url: str | None, hosts: Sequence[str]) -> str | None:
    """`url` if it is http(s) on one of the shop's `hosts`."""
    if url and (found := _ADDRESS.fullmatch(url)):
        host, port = found[1].lower(), found[2] or ""
        if {host, host + port} & {each.lower() for each in hosts}:
            return url
    return None


def choose_destination(restore_url: str | None, hosts: Sequence[str], store_url: str) -> str | None:
    """`restore_url` if it is http(s) on one of the shop's `hosts`, else `store_url`, else None."""
    return trusted(restore_url, hosts) or (store_url if is_address(store_url) else None)


def with_code(url: str, code: str) -> str:
    """`url` with a message's code, or nothing where it has none, in the place that the shop left for it."""
    return _CODE.sub(quote(code, safe=""), url)
