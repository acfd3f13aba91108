"""Addresses of the wizard: one for each of the eight steps."""

from django.urls import path

from ripresa.console.wizard import branching, takers, testing, trial, views
from ripresa.console.wizard.steps import STEPS

urlpatterns = [
    path("new/", views.begin, name="scenario-new"),
    path("<uuid:scenario_id>/edit/", views.edit, name="scenario-edit"),
    path("drafts/<uuid:draft_id>/publish/", views.publish, name="wizard-publish"),
    path("drafts/<uuid:draft_id>/try/", trial.try_draft, name="wizard-try"),
    path(
        "drafts/<uuid:draft_id>/conditions/<slug:place>/",
        branching.edit_condition,
        name="wizard-condition",
    ),
    path("drafts/<uuid:draft_id>/takers/", takers.audience, name="wizard-takers"),
    path("drafts/<uuid:draft_id>/file/", views.edit_file, name="wizard-file"),
    path("drafts/<uuid:draft_id>/test/", testing.edit_test, name="wizard-test"),
    path("<uuid:scenario_id>/end-test/", testing.end_test, name="scenario-end-test"),
    path("drafts/<uuid:draft_id>/replay/", trial.ask_replay, name="wizard-replay"),
    path("replays/<uuid:replay_id>/", trial.replay_page, name="replay"),
    path("drafts/<uuid:draft_id>/drop/", views.drop, name="wizard-drop"),
    *(
        path(f"drafts/<uuid:draft_id>/{step.key}/", views.step_view(step.key), name=step.url_name)
        for step in STEPS
    ),
]
