"""The history of consent: each direct word is written down once and never changed."""

from collections.abc import Mapping

from ripresa.core import query
from ripresa.domain.contacts.claims import Word


def add(*, shop_id: int, words: Mapping[tuple[str, str, str], Word], by: str = "") -> None:
    """Write down words by (key, channel, event id). One that stands already stays as it is."""
    if not words:
        return
    rows = sorted(words.items(), key=lambda row: row[0])
    query.run(
        "ripresa.domain.contacts",
        "add_consent_words",
        shop_id=shop_id,
        by=by,
        keys=[key for (key, _, _), _ in rows],
        channels=[channel for (_, channel, _), _ in rows],
        events=[event for (_, _, event), _ in rows],
        states=[word.state for _, word in rows],
        proven=[word.proven for _, word in rows],
        instants=[word.at for _, word in rows],
        sources=[word.proof.source for _, word in rows],
        texts=[word.proof.text for _, word in rows],
        versions=[word.proof.version for _, word in rows],
        ips=[word.proof.ip for _, word in rows],
    )
