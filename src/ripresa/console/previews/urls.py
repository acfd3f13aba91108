"""Addresses of previews."""

from django.urls import path

from ripresa.console.previews import views

urlpatterns = [
    path("<slug:template>/<slug:channel>/<slug:language>/", views.preview, name="preview"),
    path("<slug:template>/<slug:language>.html", views.mail, name="preview-mail"),
]
