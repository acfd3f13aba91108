"""Consent as it travels."""

from datetime import datetime

from pydantic import BaseModel

from ripresa.domain.contacts.models import ConsentWord, Contact


class ConsentStates(BaseModel):
    """The state that rules in each channel: granted, denied, pending or unknown."""

    email: str
    sms: str
    letter: str

    @classmethod
    def of(cls, contact: Contact) -> "ConsentStates":
        """Those of a person."""
        return cls(
            email=contact.consent_email, sms=contact.consent_sms, letter=contact.consent_letter
        )


class WordShape(BaseModel):
    """One thing that was said. `by_herself`: it is the person's own, proven word.

    `by`: who wrote it down, where it was neither the shop nor the person.
    """

    key: str
    channel: str
    state: str
    by_herself: bool
    said_at: datetime
    source: str
    text: str
    version: str
    ip: str
    by: str

    @classmethod
    def of(cls, word: ConsentWord) -> "WordShape":
        """The same, as it travels."""
        return cls(
            key=word.key,
            channel=word.channel,
            state=word.state,
            by_herself=word.proven,
            said_at=word.at,
            source=word.source,
            text=word.text,
            version=word.version,
            ip=word.ip,
            by=word.by,
        )
