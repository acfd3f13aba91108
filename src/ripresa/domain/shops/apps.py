"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The shops slice."""

    name = "ripresa.domain.shops"
    label = "shops"
