"""Addresses of the console: each room has its own. A shop's pages start with its slug."""

from django.urls import include, path

urlpatterns = [
    path("", include("ripresa.console.session.urls")),
    path("<slug:slug>/", include("ripresa.console.home.urls")),
    path("<slug:slug>/carts/", include("ripresa.console.carts.urls")),
    path("<slug:slug>/customers/", include("ripresa.console.customers.urls")),
    path("<slug:slug>/imports/", include("ripresa.console.imports.urls")),
    path("<slug:slug>/views/", include("ripresa.console.saved.urls")),
    path("<slug:slug>/work/", include("ripresa.console.work.urls")),
    path("<slug:slug>/scenarios/", include("ripresa.console.scenarios.urls")),
    path("<slug:slug>/scenarios/", include("ripresa.console.wizard.urls")),
    path("<slug:slug>/texts/", include("ripresa.console.pictures.urls")),
    path("<slug:slug>/campaigns/", include("ripresa.console.campaigns.urls")),
    path("<slug:slug>/segments/", include("ripresa.console.segments.urls")),
    path("<slug:slug>/texts/", include("ripresa.console.texts.urls")),
    path("<slug:slug>/coupons/", include("ripresa.console.coupons.urls")),
    path("<slug:slug>/pipeline/", include("ripresa.console.pipeline.urls")),
    path("<slug:slug>/reports/", include("ripresa.console.reports.urls")),
    path("<slug:slug>/settings/", include("ripresa.console.settings.urls")),
    path("<slug:slug>/settings/", include("ripresa.console.carriers.urls")),
    path("<slug:slug>/previews/", include("ripresa.console.previews.urls")),
    path("<slug:slug>/settings/", include("ripresa.console.capture.urls")),
    path("<slug:slug>/settings/connections/", include("ripresa.console.connections.urls")),
    path("<slug:slug>/", include("ripresa.console.sending.urls")),
    path("<slug:slug>/", include("ripresa.console.audit.urls")),
    path("<slug:slug>/settings/members/", include("ripresa.console.members.urls")),
    path("<slug:slug>/settings/sign-in/", include("ripresa.console.signin.urls")),
    path("<slug:slug>/approvals/", include("ripresa.console.approvals.urls")),
    path("<slug:slug>/settings/keys/", include("ripresa.console.keys.urls")),
]
