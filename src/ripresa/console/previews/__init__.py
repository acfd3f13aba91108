"""Previews: what a message will look like, rendered by the real engine.

Owns the pages that show a message before it is sent. Promises that its links lead nowhere and that a
mail's markup stays in a frame that can do nothing. Leaves rendering to the templates slice.
"""
