"""What shops and providers call us about: read, understood, made into events and feedback.

Owns the reading of what the intake has stored. Promises that a call which nobody understands is kept with
the reason. Leaves asking shops of our own accord to `connected`.
"""
