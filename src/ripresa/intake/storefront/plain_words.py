"""Whether a text is plain words: nothing that a mail program or a browser would make more of."""

import re
import unicodedata

from babel.core import get_global

# Mail programs turn a bare example.com into a link. They know top levels; these are the common
# ones, and every country's.
_GENERIC = (
    "com net org info biz edu gov mil int app dev shop store online site web xyz top club live "
    "link click page website space tech cloud news blog pro vip win bid loan work today world "
    "life zone email support help bank finance money credit promo sale deals gift cash"
)
_COUNTRIES = (code.lower() for code in get_global("territory_zones") if len(code) == 2)  # noqa: PLR2004
_TOP_LEVELS = "|".join(sorted({*_GENERIC.split(), *_COUNTRIES, "uk", "eu", "su"}))
# Each word is tried from its beginning only, so that a long one costs no more than its length.
_LINK = re.compile(
    rf"://|www\.|mailto:|\w@\w"
    rf"|(?<![\w-])(?=[\w-]*[^\W\d_])[\w-]+\.(?:{_TOP_LEVELS}|xn--\w+)(?![\w-])",
    re.IGNORECASE,
)
_ORDINARY = re.compile(r"\b(?:co\.kg|art\.n[ro])\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z/!?]|&[#a-z]\w*;|\{\{|\{%|\*\||\]\(", re.IGNORECASE)
# Without one of these there is neither a link nor markup: most titles stop here.
_SUSPICIOUS = re.compile(r"[.:<&{*@\]]")
_DOTS = str.maketrans({"。": ".", "｡": ".", "．": ".", "․": ".", "‧": "."})


def has_link(text: str) -> bool:
    """Whether a program could make a link or markup of it, or it holds invisible characters."""
    if text.isascii():
        if not text.isprintable():
            return True
    else:
        text = unicodedata.normalize("NFKC", text).translate(_DOTS)
        # Zero-width joiners belong to emoji and to some scripts; direction overrides only deceive.
        if any(unicodedata.category(char) in {"Cc", "Cf"} and char != "\u200d" for char in text):
            return True
    if _SUSPICIOUS.search(text) is None:
        return False
    return _MARKUP.search(text) is not None or _LINK.search(_ORDINARY.sub(" ", text)) is not None
