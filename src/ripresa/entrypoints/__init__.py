"""The only place that knows everything: command line, ASGI, settings, registry.

Owns the wiring. Promises that configuration errors are said in plain words before anything starts.
Leaves the work to the layers below.
"""
