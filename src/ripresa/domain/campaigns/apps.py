"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The campaigns slice."""

    name = "ripresa.domain.campaigns"
    label = "campaigns"
