"""Addresses of carts."""

from django.urls import path

from ripresa.console.carts import by_hand, many, views

urlpatterns = [
    path("", views.cart_list, name="carts"),
    path("many/", many.many, name="carts-many"),
    path("<uuid:cart_id>/send/", by_hand.send, name="cart-send"),
    path("<uuid:cart_id>/", views.cart, name="cart"),
]
