"""The demo: a shop, a mail viewer and a fast clock around the real processes.

Owns a home of its own and everything it starts. Promises that nothing leaves the machine and nothing is
left running. Leaves the main job to the very processes that `ripresa up` starts.
"""
