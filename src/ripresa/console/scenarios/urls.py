"""Addresses of scenarios."""

from django.urls import path

from ripresa.console.scenarios import actions, views

urlpatterns = [
    path("", views.scenario_list, name="scenarios"),
    path("<uuid:scenario_id>/", views.scenario, name="scenario"),
    path("<uuid:scenario_id>/activate/", actions.activate, name="scenario-activate"),
    path("<uuid:scenario_id>/pause/", actions.pause, name="scenario-pause"),
    path("<uuid:scenario_id>/resume/", actions.resume, name="scenario-resume"),
]
