"""A notice in Block Kit: a heading, and a section for each paragraph.

Source: Slack's reference of layout blocks and of message payloads: 150 characters in a header, 3,000 in a
section, 50 blocks; `&`, `<` and `>` are written as entities, so that nothing can become `<!channel>`.
"""

from typing import Any

from ripresa.contracts.channel import OutgoingNotice
from ripresa.contracts.notices.notice import cut

_HEADER, _SECTION, _BLOCKS = 150, 3_000, 50


def payload_of(notice: OutgoingNotice) -> dict[str, Any]:
    """The JSON of one message. `text` is what a telephone shows of it."""
    paragraphs = [one.strip() for one in notice.text.split("\n\n") if one.strip()]
    who = notice.recipient.name or notice.recipient.address
    sections = [_section(cut(_escaped(one), _SECTION)) for one in paragraphs[: _BLOCKS - 2]]
    return {
        "text": cut(_escaped(f"{notice.subject} ({who})"), _SECTION),
        "blocks": [
            {
                "type": "header",
                "text": {
                    "type": "plain_text",
                    "text": cut(notice.subject.strip(), _HEADER),
                    "emoji": False,
                },
            },
            *sections,
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": cut(who, _HEADER), "emoji": False}],
            },
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _section(text: str) -> dict[str, Any]:
    # Plain text: an asterisk in a customer's words stays one.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
