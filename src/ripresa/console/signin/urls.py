"""Addresses of one's own way to sign in."""

from django.urls import path

from ripresa.console.signin import codes, passkeys, views

urlpatterns = [
    path("", views.room, name="sign-in"),
    path("app/", codes.set_up, name="sign-in-app"),
    path("app/remove/", codes.remove, name="sign-in-app-remove"),
    path("app/recovery/", codes.renew, name="sign-in-recovery"),
    path("passkeys/options/", passkeys.options, name="passkey-options"),
    path("passkeys/", passkeys.add, name="passkey-add"),
    path("passkeys/<int:passkey>/remove/", passkeys.remove, name="passkey-remove"),
    path("sessions/end/", views.end_others, name="sessions-end"),
    path("sessions/<int:session>/end/", views.end, name="session-end"),
]
