"""Addresses of the segments."""

from django.urls import path

from ripresa.console.segments import builder, views

urlpatterns = [
    path("", views.segment_list, name="segments"),
    path("counts/", views.counts, name="segment-counts"),
    path("new/", builder.new, name="segment-new"),
    path("<uuid:segment_id>/", views.segment, name="segment"),
    path("<uuid:segment_id>/edit/", builder.edit, name="segment-edit"),
    path("<uuid:segment_id>/reach/", views.reach_part, name="segment-reach"),
    path("<uuid:segment_id>/delete/", views.delete, name="segment-delete"),
    path("<uuid:segment_id>/file/", views.segment_file, name="segment-file"),
]
