"""Address of the overview."""

from django.urls import path

from ripresa.console.home import bringing, guide, views

urlpatterns = [
    path("", views.overview, name="home"),
    path("guide/away/", guide.put_away, name="guide-away"),
    path("bring/", bringing.may_bring, name="may-bring"),
]
