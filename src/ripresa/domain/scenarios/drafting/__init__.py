"""Changes to a scenario file at work that are more than one value: a test, a branch, a condition.

Owns what each does to the text. Promises that what it does not concern stays as its writer had it.
Leaves what a file may say to the package that reads it, and forms to the console.
"""
