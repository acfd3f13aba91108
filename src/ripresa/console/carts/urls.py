"""Addresses of carts."""

from django.urls import path

from ripresa.console.carts import views

urlpatterns = [
    path("", views.cart_list, name="carts"),
    path("<uuid:cart_id>/", views.cart, name="cart"),
]
