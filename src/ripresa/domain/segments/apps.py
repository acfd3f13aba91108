"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The segments slice."""

    name = "ripresa.domain.segments"
    label = "segments"
