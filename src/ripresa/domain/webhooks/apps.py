"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The webhooks slice."""

    name = "ripresa.domain.webhooks"
    label = "webhooks"
