"""A notice as an Adaptive Card, in the message that the workflow "Post to a channel" takes.

Source: Microsoft's description of the trigger "When a Teams webhook request is received", and of Adaptive
Cards 1.4. A post may have some 28 kB; text is written in a subset of Markdown.
"""

import re
from typing import Any

from ripresa.contracts.channel import OutgoingNotice
from ripresa.contracts.notices.notice import cut

# Some four bytes a character at worst, twice where it is escaped: this stays under the limit with its frame.
_LONGEST_TEXT = 3_000
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~<])")


def payload_of(notice: OutgoingNotice) -> dict[str, Any]:
    """The JSON of one message with one card."""
    who = notice.recipient.name or notice.recipient.address
    paragraphs = [one.strip() for one in cut(notice.text, _LONGEST_TEXT).split("\n\n")]
    body = [
        _text(cut(notice.subject.strip(), 200), weight="Bolder", size="Medium"),
        *[_text(one) for one in paragraphs if one],
        _text(cut(who, 200), isSubtle=True, spacing="Medium"),
    ]
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "fallbackText": cut(notice.subject.strip(), 200),
                    "body": body,
                    "msteams": {"width": "full"},
                },
            }
        ],
    }


def _text(text: str, **looks: Any) -> dict[str, Any]:
    # An address in a customer's words stays text: a dot that is escaped ends no link.
    return {"type": "TextBlock", "text": _MARKUP.sub(r"\\\1", text), "wrap": True, **looks}
