"""Addresses of signing in and out, and of the language."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from ripresa.console.session import invitation, reset, views

urlpatterns = [
    path("", views.start, name="start"),
    path("login/", views.Login.as_view(), name="login"),
    path("login/invitation/<token>/", invitation.join, name="invitation"),
    path("login/password/", reset.ask, name="password-forgotten"),
    path("login/password/<token>/", reset.choose, name="password-new"),
    path("language/", set_language, name="language"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
