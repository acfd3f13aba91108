"""Addresses of texts."""

from django.urls import path

from ripresa.console.texts import views

urlpatterns = [
    path("", views.text_list, name="texts"),
    path("<uuid:template_id>/", views.editor, name="text"),
    path("<uuid:template_id>/<slug:language>.html", views.canvas, name="text-canvas"),
    path("<uuid:template_id>/say/", views.say, name="text-say"),
    path("<uuid:template_id>/change/", views.change, name="text-change"),
]
