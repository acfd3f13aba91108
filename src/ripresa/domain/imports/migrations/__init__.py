"""Migrations of the imports slice."""
