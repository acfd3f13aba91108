"""Addresses of previews."""

from django.urls import path

from ripresa.console.previews import letters, views

urlpatterns = [
    path("<slug:template>/<slug:channel>/<slug:language>/", views.preview, name="preview"),
    path(
        "<slug:template>/letter/<slug:language>/<int:number>.png",
        letters.page,
        name="preview-letter-page",
    ),
    path("<slug:template>/<slug:language>.html", views.mail, name="preview-mail"),
]
