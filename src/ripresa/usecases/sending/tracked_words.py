"""Lead the links of a message by way of us, and add the picture that tells of opens: as the shop wants it.

Links of our own stay as they are: the restore link tells by itself who came back, and unsubscribing is
nobody's business. The plain text of a mail stays as it is, so that a reader can see where a link leads.
"""

import re
from dataclasses import replace
from html import escape, unescape
from urllib.parse import urlsplit
from uuid import UUID

from ripresa.domain.messages.links import MOST_CLICKS, Letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.render import Rendered

_HREF = re.compile(r'(<a\s[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)
# What stands behind an address in a sentence belongs to the sentence.
_TYPED = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?'…»”’)\]}]", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


def track(
    words: Rendered, shop: Shop, letterhead: Letterhead, message_id: UUID
) -> tuple[Rendered, tuple[str, ...]]:
    """The words with what the shop has switched on, and where their tracked links lead."""
    html = words.html
    urls: list[str] = []

    def by_way_of_us(found: re.Match[str]) -> str:
        url = unescape(found[2])
        if letterhead.is_ours(url) or not url.startswith(("https://", "http://")):
            return found[0]
        if url not in urls:
            urls.append(url)
        address = letterhead.click_url(shop.id, message_id, urls.index(url))
        return f"{found[1]}{escape(address)}{found[3]}"

    if shop.track_clicks:
        html = _HREF.sub(by_way_of_us, html)
    if shop.track_opens:
        html = _with_picture(html, letterhead.open_url(shop.id, message_id))
    return replace(words, html=html), tuple(urls)


def track_sms(
    words: Rendered, shop: Shop, letterhead: Letterhead, message_id: UUID
) -> tuple[Rendered, tuple[str, ...]]:
    """A short message: its addresses become short ones of ours where clicks are tracked, and where they lead.

    One that ours would not be shorter than stays as it was typed, and so does what somebody else may
    have put into a merge field: under our name stands only what the author or the shop names.
    """
    urls: list[str] = []
    # A merge field ends what the author wrote of an address.
    typed = _TYPED.findall(words.source[1].replace("{", " "))
    named = {_host_of(shop.store_url), *shop.hosts, *map(_host_of, typed)} - {""}

    def by_way_of_us(found: re.Match[str]) -> str:
        url = found[0]
        if letterhead.is_ours(url) or _host_of(url) not in named:
            return url
        number = urls.index(url) if url in urls else len(urls)
        short = letterhead.short_click_url(shop.id, message_id, number)
        if number >= MOST_CLICKS or len(short) >= len(url):
            return url
        if number == len(urls):
            urls.append(url)
        return short

    if not shop.track_clicks:
        return words, ()
    text = _TYPED.sub(by_way_of_us, words.text)
    return replace(words, text=text), tuple(urls)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets of an IPv6 address that is none
        return ""


def _with_picture(html: str, url: str) -> str:
    picture = f'<img src="{escape(url)}" alt="" width="1" height="1" style="display:block">'
    ends = list(_BODY_END.finditer(html))
    place = ends[-1].start() if ends else len(html)
    return html[:place] + picture + html[place:]
