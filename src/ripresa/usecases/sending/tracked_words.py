"""Lead the links of a mail by way of us, and add the picture that tells of opens: as the shop wants it.

Links of our own stay as they are: the restore link tells by itself who came back, and unsubscribing is
nobody's business. The plain text stays as it is, so that a reader can see where a link leads.
"""

import re
from dataclasses import replace
from html import escape, unescape
from uuid import UUID

from ripresa.domain.messages.links import Letterhead
from ripresa.domain.shops.models import Shop
from ripresa.domain.templates.render import Rendered

_HREF = re.compile(r'(<a\s[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


def track(
    words: Rendered, shop: Shop, letterhead: Letterhead, message_id: UUID
) -> tuple[Rendered, tuple[str, ...]]:
    """The words with what the shop has switched on, and where their tracked links lead."""
    html = words.html
    urls: list[str] = []

    def by_way_of_us(found: re.Match[str]) -> str:
        url = unescape(found[2])
        is_ours = url.startswith(f"{letterhead.public_url}/")
        if is_ours or not url.startswith(("https://", "http://")):
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


def _with_picture(html: str, url: str) -> str:
    picture = f'<img src="{escape(url)}" alt="" width="1" height="1" style="display:block">'
    ends = list(_BODY_END.finditer(html))
    place = ends[-1].start() if ends else len(html)
    return html[:place] + picture + html[place:]
