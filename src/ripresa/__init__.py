"""Ripresa: abandoned-cart recovery. docs/explanation/architecture.md walks through the folders."""
