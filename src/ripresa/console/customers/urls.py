"""Addresses of customers."""

from django.urls import path

from ripresa.console.customers import actions, merging, views

urlpatterns = [
    path("", views.customer_list, name="customers"),
    path("<uuid:contact_id>/", views.customer, name="customer"),
    path("<uuid:contact_id>/consent/", actions.consent, name="customer-consent"),
    path("<uuid:contact_id>/suppress/", actions.suppress, name="customer-suppress"),
    path("<uuid:contact_id>/lift/", actions.lift, name="customer-lift"),
    path("<uuid:contact_id>/merge/", merging.merge, name="customer-merge"),
    path("<uuid:contact_id>/split/", actions.split, name="customer-split"),
    path("<uuid:contact_id>/data/", actions.data, name="customer-data"),
    path("<uuid:contact_id>/erase/", actions.erase, name="customer-erase"),
    path("<uuid:contact_id>/give-back/", views.give_back, name="phone-give-back"),
]
