"""Addresses of the audit log."""

from django.urls import path

from ripresa.console.audit import views

urlpatterns = [
    path("settings/audit/", views.audit_log, name="audit"),
    path("settings/audit/audit.csv", views.audit_csv, name="audit-csv"),
]
