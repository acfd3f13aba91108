"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The providers slice."""

    name = "ripresa.domain.providers"
    label = "providers"
