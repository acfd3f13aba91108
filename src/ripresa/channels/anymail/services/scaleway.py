"""Scaleway TEM. What it tells, it tells through Scaleway's own queues: no feedback by hook."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings
from ripresa.contracts.provider import Setting


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "secret_key": settings["secret_key"],
        "project_id": settings["project_id"],
        "region": settings["region"],
    }


SERVICE = Service(
    name="scaleway",
    label="Scaleway Transactional Email",
    settings=(
        Setting("secret_key", "the secret key of an IAM key pair", is_secret=True),
        Setting("project_id", "the project the domain belongs to"),
        Setting("region", "where it is sent from", default="fr-par"),
    ),
    backend="anymail.backends.scaleway.EmailBackend",
    backend_options=_options,
)
