"""Addresses of senders, channels and webhooks."""

from django.urls import path

from ripresa.console.carriers import accounts, endpoints, senders

urlpatterns = [
    path("senders/", senders.sender_list, name="settings-senders"),
    path("senders/test/", senders.send_test, name="settings-sender-test"),
    path("senders/<uuid:sender_id>/", senders.act, name="settings-sender"),
    path("channels/", accounts.account_list, name="settings-channels"),
    path("channels/new/<slug:provider>/", accounts.add, name="settings-channel-new"),
    path("channels/<uuid:account_id>/", accounts.account, name="settings-channel"),
    path("channels/<uuid:account_id>/do/", accounts.act, name="settings-channel-do"),
    path("webhooks/", endpoints.endpoint_list, name="settings-webhooks"),
    path("webhooks/<uuid:endpoint_id>/", endpoints.endpoint, name="settings-webhook"),
    path("webhooks/<uuid:endpoint_id>/do/", endpoints.act, name="settings-webhook-do"),
]
