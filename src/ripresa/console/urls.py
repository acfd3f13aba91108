"""Addresses of the console. A shop's pages start with its slug."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from ripresa.console.carts import views as carts
from ripresa.console.customers import views as customers
from ripresa.console.home import views as home
from ripresa.console.scenarios import actions
from ripresa.console.scenarios import views as scenarios
from ripresa.console.sending import views as sending
from ripresa.console.session import views as session

urlpatterns = [
    path("", session.start, name="start"),
    path("login/", session.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("<slug:slug>/", home.overview, name="home"),
    path("<slug:slug>/carts/", carts.cart_list, name="carts"),
    path("<slug:slug>/carts/<uuid:cart_id>/", carts.cart, name="cart"),
    path("<slug:slug>/customers/", customers.customer_list, name="customers"),
    path("<slug:slug>/customers/<uuid:contact_id>/", customers.customer, name="customer"),
    path(
        "<slug:slug>/customers/<uuid:contact_id>/give-back/",
        customers.give_back,
        name="phone-give-back",
    ),
    path("<slug:slug>/scenarios/", scenarios.scenario_list, name="scenarios"),
    path("<slug:slug>/scenarios/<uuid:scenario_id>/", scenarios.scenario, name="scenario"),
    path(
        "<slug:slug>/scenarios/<uuid:scenario_id>/activate/",
        actions.activate,
        name="scenario-activate",
    ),
    path("<slug:slug>/scenarios/<uuid:scenario_id>/pause/", actions.pause, name="scenario-pause"),
    path(
        "<slug:slug>/scenarios/<uuid:scenario_id>/resume/", actions.resume, name="scenario-resume"
    ),
    path("<slug:slug>/sending/", sending.sending, name="sending"),
    path(
        "<slug:slug>/senders/<uuid:sender_id>/resume/",
        sending.resume_sender,
        name="sender-resume",
    ),
]
