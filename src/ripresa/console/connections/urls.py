"""Addresses of connections."""

from django.urls import path

from ripresa.console.connections import actions, views

urlpatterns = [
    path("", views.connection_list, name="connections"),
    path("new/", views.choose_platform, name="connection-new"),
    path("new/<slug:platform>/", views.connect, name="connection-connect"),
    path("<uuid:connection_id>/", views.connection_page, name="connection"),
    path("<uuid:connection_id>/settings/", views.change, name="connection-change"),
    path("<uuid:connection_id>/check/", actions.check, name="connection-check"),
    path("<uuid:connection_id>/history/", actions.back_fill, name="connection-back-fill"),
    path("<uuid:connection_id>/disconnect/", actions.disconnect, name="connection-disconnect"),
]
