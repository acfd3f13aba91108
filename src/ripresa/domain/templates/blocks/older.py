"""Documents of older versions as the newest one has them. What is stored is changed only when it is edited.

Version 1 kept the words of text blocks as plain text with **bold** and [links](https://…), and knew no
columns; version 2 keeps them as HTML.
"""

from typing import Any

from ripresa.domain.templates.blocks.richtext import from_plain


def brought_up_to_date(stored: dict[str, Any]) -> dict[str, Any]:
    """The document as version 2."""
    return _second(stored) if stored.get("version", 1) == 1 else stored


def _second(first: dict[str, Any]) -> dict[str, Any]:
    texts = {block["id"] for block in first.get("blocks", ()) if block["kind"] == "text"}
    words = {
        language: {slot: from_plain(text) if slot in texts else text for slot, text in said.items()}
        for language, said in first.get("words", {}).items()
    }
    return {**first, "version": 2, "words": words}
