"""Addresses of the campaigns: the list, the steps that write one, its life, its people."""

from django.urls import path

from ripresa.console.campaigns import life, people, proofs, views, writing
from ripresa.console.campaigns.words import STEPS, url_name

_DRAFT, _ONE = "drafts/<uuid:sketch_id>", "<uuid:campaign_id>"

urlpatterns = [
    path("", views.campaign_list, name="campaigns"),
    path("new/", writing.begin, name="campaign-new"),
    *(
        path(f"{_DRAFT}/{step.key}/", writing.step_view(step.key), name=url_name(step))
        for step in STEPS
    ),
    path(f"{_DRAFT}/estimate/", writing.estimate, name="campaign-estimate"),
    path(f"{_DRAFT}/keep/", writing.keep, name="campaign-keep"),
    path(f"{_DRAFT}/drop/", writing.drop, name="campaign-drop"),
    path(f"{_DRAFT}/proof/", proofs.proof, name="campaign-proof"),
    path(f"{_DRAFT}/proof/<uuid:person_id>/mail/", proofs.mail, name="campaign-proof-mail"),
    path(f"{_DRAFT}/proof/<uuid:person_id>/letter/", proofs.letter, name="campaign-proof-letter"),
    path(f"{_ONE}/", views.campaign, name="campaign"),
    path(f"{_ONE}/file/", views.campaign_file, name="campaign-file"),
    path(f"{_ONE}/edit/", life.edit, name="campaign-edit"),
    path(f"{_ONE}/copy/", life.copy, name="campaign-copy"),
    path(f"{_ONE}/delete/", life.delete, name="campaign-delete"),
    path(f"{_ONE}/start/", life.start, name="campaign-start"),
    path(f"{_ONE}/pause/", life.pause, name="campaign-pause"),
    path(f"{_ONE}/resume/", life.resume, name="campaign-resume"),
    path(f"{_ONE}/end/", life.end, name="campaign-end"),
    path(f"{_ONE}/limits/", life.limits, name="campaign-limits"),
    path(f"{_ONE}/people/", people.people, name="campaign-people"),
    path(f"{_ONE}/people/export/", people.people_csv, name="campaign-people-csv"),
]
