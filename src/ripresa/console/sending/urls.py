"""Addresses of stopping and starting."""

from django.urls import path

from ripresa.console.sending import views

urlpatterns = [
    path("sending/", views.sending, name="sending"),
    path("senders/<uuid:sender_id>/resume/", views.resume_sender, name="sender-resume"),
]
