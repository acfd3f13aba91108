"""The mail viewer: a list, the mail as its reader sees it, its text, its source."""

import json
import re
from collections.abc import Callable, Sequence
from importlib.resources import files

from ripresa.entrypoints.demo.catcher import CaughtMail
from ripresa.entrypoints.demo.site import HTML, JSON, TEXT, Question, Reply

_PAGES = files("ripresa.entrypoints.demo") / "pages"
_ASSETS = {
    "/": ("mails.html", HTML),
    "/mails.css": ("mails.css", "text/css; charset=utf-8"),
    "/mails.js": ("mails.js", "text/javascript; charset=utf-8"),
}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A mail brings its own styles and pictures and nothing else; its links open in tabs of their own.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_MAIL = re.compile(r"/mails/([1-9][0-9]{0,5})/(html|text|source)")
_HEADERS = ("From", "Reply-To", "To", "Subject", "Date", "List-Unsubscribe")


def pages(mails: Callable[[], Sequence[CaughtMail]]) -> Callable[[Question], Reply]:
    """What answers for the viewer of `mails`."""

    def answer(question: Question) -> Reply:
        if question.path in _ASSETS:
            name, kind = _ASSETS[question.path]
            return Reply(200, kind, (_PAGES / name).read_bytes(), _PAGE_POLICY)
        if question.path == "/mails.json":
            listed = [_listed(mail) for mail in reversed(mails())]
            return Reply(200, JSON, json.dumps(listed).encode(), _PAGE_POLICY)
        found = _MAIL.fullmatch(question.path)
        if found is None or int(found[1]) > len(mails()):
            return Reply(404, TEXT, b"there is no such mail")
        return _shown(mails()[int(found[1]) - 1], found[2])

    return answer


def _listed(mail: CaughtMail) -> dict[str, object]:
    headers = {name: str(mail.message.get(name, "")) for name in _HEADERS}
    return {
        "number": mail.number,
        "caught_at": mail.caught_at.isoformat(),
        "headers": {name: value for name, value in headers.items() if value},
    }


def _shown(mail: CaughtMail, how: str) -> Reply:
    if how == "html":
        return Reply(200, HTML, _opening_tabs(mail.part("html")).encode(), _MAIL_POLICY)
    content = mail.part("plain") if how == "text" else mail.content.decode(errors="replace")
    return Reply(200, TEXT, content.encode(), _MAIL_POLICY)


def _opening_tabs(html: str) -> str:
    """Links lead out of the frame, as they would out of a mail program."""
    return re.sub(r"(<head[^>]*>)", r'\1<base target="_blank">', html, count=1)
