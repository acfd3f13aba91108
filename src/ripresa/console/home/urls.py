"""Address of the overview."""

from django.urls import path

from ripresa.console.home import views

urlpatterns = [path("", views.overview, name="home")]
