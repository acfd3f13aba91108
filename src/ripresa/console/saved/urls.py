"""Addresses of saved views."""

from django.urls import path

from ripresa.console.saved import views

urlpatterns = [
    path("save/", views.save, name="view-save"),
    path("<uuid:view_id>/remove/", views.remove, name="view-remove"),
]
