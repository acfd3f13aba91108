"""Addresses of signing in and out, and of the language."""

from django.urls import path
from django.views.i18n import set_language

from ripresa.console.session import invitation, passkey, reset, views

urlpatterns = [
    path("", views.start, name="start"),
    path("login/", views.sign_in, name="login"),
    path("login/code/", views.second_factor, name="login-code"),
    path("login/passkey/options/", passkey.options, name="login-passkey-options"),
    path("login/passkey/", passkey.sign_in, name="login-passkey"),
    path("login/invitation/<token>/", invitation.join, name="invitation"),
    path("login/password/", reset.ask, name="password-forgotten"),
    path("login/password/<token>/", reset.choose, name="password-new"),
    path("language/", set_language, name="language"),
    path("logout/", views.sign_out, name="logout"),
]
