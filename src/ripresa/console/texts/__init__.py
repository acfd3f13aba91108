"""The texts room: what messages say. Own templates by blocks, with a layer of words for each language.

Owns the editor. Promises that its canvas is the real mail, rendered by the engine that sends it.
Leaves what a template may hold to the templates slice.
"""
