"""Own templates by blocks: one structure, a layer of words for each language.

Owns the document and how it becomes MJML and plain text. Promises a footer with the way out in every
mail, whatever the document says. Leaves checking and rendering to the compiler.
"""
