"""Addresses of scenarios."""

from django.urls import path

from ripresa.console.scenarios import actions, versions, views

urlpatterns = [
    path("", views.scenario_list, name="scenarios"),
    path("<uuid:scenario_id>/", views.scenario, name="scenario"),
    path("<uuid:scenario_id>/versions/", versions.versions, name="scenario-versions"),
    path(
        "<uuid:scenario_id>/versions/<int:number>.yaml",
        versions.version_file,
        name="scenario-file",
    ),
    path("<uuid:scenario_id>/activate/", actions.activate, name="scenario-activate"),
    path("<uuid:scenario_id>/pause/", actions.pause, name="scenario-pause"),
    path("<uuid:scenario_id>/resume/", actions.resume, name="scenario-resume"),
]
