"""Addresses of the picture library."""

from django.urls import path

from ripresa.console.pictures import views

urlpatterns = [
    path("pictures/", views.library, name="pictures"),
    path("pictures/upload/", views.upload, name="picture-upload"),
    path("pictures/<uuid:media_id>/describe/", views.describe, name="picture-describe"),
    path("pictures/<uuid:media_id>/remove/", views.remove, name="picture-remove"),
]
