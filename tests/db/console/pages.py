"""Reading pages as people do: text without markup."""

import html
import re


def markup(answer) -> str:
    """The page as it was sent, however its template is laid out."""
    text = " ".join(answer.content.decode().split())
    return text.replace("> <", "><")


def text_of(answer) -> str:
    """The text of a page in one line."""
    return _plain(answer.content.decode())


def part(answer, heading: str) -> str:
    """The text of the panel under `heading`."""
    content = answer.content.decode()
    sections = re.findall(r'<section class="panel".*?</section>', content, flags=re.DOTALL)
    for section in sections:
        if re.search(rf"<h2[^>]*>\s*{re.escape(heading)}", section):
            return _plain(section).removeprefix(heading).strip()
    raise AssertionError(f"no panel {heading!r}")


def _plain(markup: str) -> str:
    markup = re.sub(r"<(head|script|svg)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
    return re.sub(r" ([.,;])", r"\1", text)
