"""Addresses of the pipeline: the board, its stages, a deal, and each thing one does with it."""

from django.urls import path

from ripresa.console.pipeline import agents, views
from ripresa.console.pipeline.actions import WORK, action
from ripresa.console.pipeline.stages import stages

urlpatterns = [
    path("", views.board, name="pipeline"),
    path("stages/", stages, name="pipeline-stages"),
    path("agents/", agents.agents, name="agents"),
    path("agents/<uuid:agent_id>/", agents.agent, name="agent"),
    path("agents/<uuid:agent_id>/back/", agents.back, name="agent-back"),
    path("agents/<uuid:agent_id>/end/", agents.end, name="agent-end"),
    path("<uuid:deal_id>/", views.deal, name="deal"),
    *(
        path(f"<uuid:deal_id>/{word}/", action(work), name=f"deal-{word}")
        for word, work in WORK.items()
    ),
]
