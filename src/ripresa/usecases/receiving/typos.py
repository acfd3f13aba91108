"""Domains that people mistype, and what they meant. Strangers own some of them, and read what comes."""

_MEANT = {
    "gmail.com": "gmial.com gmal.com gamil.com gmai.com gnail.com gmail.co gmail.con gmaill.com gmsil.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotmail.co hotmail.con homail.com",
    "hotmail.it": "hotmial.it hotmal.it hotmai.it homail.it",
    "outlook.com": "outlok.com outloo.com outlook.con oulook.com",
    "yahoo.com": "yaho.com yhaoo.com yahooo.com yahoo.con yaoo.com",
    "icloud.com": "iclod.com icoud.com icloud.con",
    "libero.it": "libeo.it lbero.it libero.i liberi.it",
    "gmx.de": "gmx.d gmxx.de",
    "web.de": "web.d wen.de",
    "mail.ru": "mai.ru maill.ru mail.r",
    "yandex.ru": "yandx.ru yadex.ru yandex.r",
}
_TYPOS = {typo: meant for meant, typos in _MEANT.items() for typo in typos.split()}


def meant_by(domain: str) -> str | None:
    """The domain that was surely meant; None: this one may well be right."""
    return _TYPOS.get(domain)
