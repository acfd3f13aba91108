"""Segments on a real PostgreSQL."""
