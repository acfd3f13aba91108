"""Addresses of imports."""

from django.urls import path

from ripresa.console.imports import progress, views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("<uuid:import_id>/", progress.page, name="import"),
    path("<uuid:import_id>/columns/", views.columns, name="import-columns"),
    path("<uuid:import_id>/confirm/", views.confirm, name="import-confirm"),
    path("<uuid:import_id>/stop/", progress.stop, name="import-stop"),
    path("<uuid:import_id>/resume/", progress.resume, name="import-resume"),
    path("<uuid:import_id>/errors/", progress.errors, name="import-errors"),
    path("<uuid:import_id>/mend/", progress.mend, name="import-mend"),
]
