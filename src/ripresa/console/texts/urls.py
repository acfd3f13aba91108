"""Addresses of texts."""

from django.urls import path

from ripresa.console.texts import brand, changing, letter, managing, trying, views

urlpatterns = [
    path("", views.text_list, name="texts"),
    path("brand/", brand.edit, name="brand"),
    path("saved/<uuid:saved_id>/remove/", brand.forget_block, name="saved-block-remove"),
    path("<uuid:template_id>/", views.editor, name="text"),
    path("<uuid:template_id>/<slug:language>.html", views.canvas, name="text-canvas"),
    path("<uuid:template_id>/letter/", letter.editor, name="text-letter"),
    path("<uuid:template_id>/letter/pages/", letter.pages, name="text-letter-pages"),
    path(
        "<uuid:template_id>/letter/<slug:language>/<int:number>.png",
        letter.page,
        name="text-letter-page",
    ),
    path(
        "<uuid:template_id>/letter/<slug:language>/<int:number>/spot/",
        letter.spot,
        name="text-letter-spot",
    ),
    path("<uuid:template_id>/letter/<slug:language>.pdf", letter.pdf, name="text-letter-pdf"),
    path("<uuid:template_id>/say/", changing.say, name="text-say"),
    path("<uuid:template_id>/change/", changing.change, name="text-change"),
    path("<uuid:template_id>/manage/", managing.manage, name="text-manage"),
    path("<uuid:template_id>/pictures/upload/", changing.upload, name="text-upload"),
    path(
        "<uuid:template_id>/pictures/<slug:block_id>/",
        changing.choose_picture,
        name="text-pictures",
    ),
    path("try/<slug:template>/<slug:channel>/<slug:language>/", trying.try_out, name="text-try"),
]
