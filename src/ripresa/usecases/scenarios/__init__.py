"""The life of a scenario: published as a version, live, paused, moved, ended.

Owns the checks before any of that. Promises that what is wrong with a file is said with its line before
anything changes. Leaves what a scenario does with carts to the use cases of the main job.
"""
