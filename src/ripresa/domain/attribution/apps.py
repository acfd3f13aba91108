"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The attribution slice."""

    name = "ripresa.domain.attribution"
    label = "attribution"
