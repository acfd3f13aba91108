"""The mail services as providers. Nothing of anymail is loaded before one of them is opened."""

from functools import partial

from ripresa.channels.anymail.service import COMMON, Service, Settings
from ripresa.channels.anymail.services import (
    amazon_ses,
    brevo,
    mailersend,
    mailgun,
    mailjet,
    mailtrap,
    mandrill,
    postal,
    postmark,
    resend,
    scaleway,
    sendgrid,
    sparkpost,
    unisender_go,
)
from ripresa.contracts.channel import Channel, OutgoingEmail
from ripresa.contracts.feedback import FeedbackReader
from ripresa.contracts.provider import MessageKind, Provider

SERVICES = (
    amazon_ses.SERVICE,
    brevo.SERVICE,
    mailersend.SERVICE,
    mailgun.SERVICE,
    mailjet.SERVICE,
    mailtrap.SERVICE,
    mandrill.SERVICE,
    postal.SERVICE,
    postmark.SERVICE,
    resend.SERVICE,
    scaleway.SERVICE,
    sendgrid.SERVICE,
    sparkpost.SERVICE,
    unisender_go.SERVICE,
)


def _open(service: Service, settings: Settings) -> Channel[OutgoingEmail]:
    from ripresa.channels.anymail.channel import AnymailChannel  # a hundred milliseconds of imports

    return AnymailChannel(service, settings)


def _reader(service: Service, settings: Settings) -> FeedbackReader:
    from ripresa.channels.anymail.reader import AnymailReader

    return AnymailReader(service, settings)


PROVIDERS = tuple(
    Provider(
        name=service.name,
        label=service.label,
        kind=MessageKind.EMAIL,
        settings=service.settings + COMMON,
        open=partial(_open, service),
        reader=None if service.tracking is None else partial(_reader, service),
    )
    for service in SERVICES
)
