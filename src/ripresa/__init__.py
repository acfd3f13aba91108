"""Ripresa: abandoned-cart recovery. Folders show the design; docs/explanation/architecture.md walks through them."""
