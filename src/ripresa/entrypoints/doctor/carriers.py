"""Which kinds of messages nobody carries: what is handed over there is recorded and reaches nobody."""

from collections.abc import Iterator

from ripresa.core.config import Config, ConfigError
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.registry import channels


def check_carriers(config: Config) -> Iterator[Finding]:
    """One finding for each kind without a provider. Mails have their own check."""
    try:
        carriers = channels(config)
    except ConfigError:
        return  # told by the check of the mail server
    for kind, words in (("sms", "SMS"), ("letter", "letters")):
        if not getattr(carriers, kind).is_real:
            found = f"{words} are recorded and not sent: no provider carries them"
            yield Finding(
                kind, "ok", found, "leave them out of scenarios that shall reach somebody"
            )
    carriers.close()
