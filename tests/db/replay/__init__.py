"""Replay and try-out, on a real PostgreSQL."""
