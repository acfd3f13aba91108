"""The command line.

Owns its words and its exit codes. Promises that a user never meets a stack trace, and `--json`
where a program reads. Leaves the work to use cases.
"""
