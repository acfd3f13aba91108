"""Rows for rooms of the console that not every test needs: made when somebody first asks."""
