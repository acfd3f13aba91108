"""Addresses that stand in mails: short, and never changed.

Whatever follows is taken, so that half a link still meets a page that says so.
"""

from django.urls import re_path

from ripresa.public import confirming, digests, pictures, views

urlpatterns = [
    re_path(r"^r/(?P<link>.*)$", views.restore, name="restore"),
    re_path(r"^u/(?P<link>.*)$", views.unsubscribe_page, name="unsubscribe"),
    re_path(r"^s/(?P<code>.*)$", views.follow_short_link, name="short-link"),
    re_path(r"^c/(?P<link>.*)$", confirming.confirm_page, name="confirm"),
    re_path(r"^v/(?P<link>.*)$", views.view_in_browser, name="view-in-browser"),
    re_path(r"^d/(?P<link>.*)$", digests.digest_page, name="digest-end"),
    re_path(r"^m/(?P<key>.*)$", pictures.uploaded, name="picture-uploaded"),
    re_path(r"^p/(?P<signed>.*)$", pictures.product, name="picture-product"),
]
