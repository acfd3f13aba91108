"""Migrations of the media slice. Owns its tables. Promises that rows stay. Leaves reading to models."""
