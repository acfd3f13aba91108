"""Addresses of approvals."""

from django.urls import path

from ripresa.console.approvals import views

urlpatterns = [
    path("", views.approvals, name="approvals"),
    path("<uuid:approval_id>/", views.approval, name="approval"),
    path("<slug:kind>/<uuid:subject_id>/ask/", views.ask, name="approval-ask"),
]
