"""Addresses of the members of a shop."""

from django.urls import path

from ripresa.console.members import views

urlpatterns = [
    path("", views.members, name="members"),
    path("<uuid:membership_id>/role/", views.change_role, name="member-role"),
    path("<uuid:membership_id>/invite/", views.invite_again, name="member-invite"),
    path("<uuid:membership_id>/remove/", views.remove, name="member-remove"),
    path("rules/", views.rules, name="member-rules"),
]
