"""Addresses of customers."""

from django.urls import path

from ripresa.console.customers import views

urlpatterns = [
    path("", views.customer_list, name="customers"),
    path("<uuid:contact_id>/", views.customer, name="customer"),
    path("<uuid:contact_id>/give-back/", views.give_back, name="phone-give-back"),
]
