"""Benchmarks: stages, each against a limit measured in the same run."""
