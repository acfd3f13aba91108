"""The address of long work."""

from django.urls import path

from ripresa.console.work import views

urlpatterns = [path("", views.work, name="work")]
