"""Reasons: what the codes and the words of a refusal mean.

Owns the tables of codes and words, and the order in which they are believed.
Promises `unknown` and `disabled` only where something says so and nothing says otherwise.
Leaves finding the address and the words in a mail to the readers.
"""
