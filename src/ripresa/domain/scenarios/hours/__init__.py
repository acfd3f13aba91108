"""A shop's own hours: by channel, country and weekday, with its holidays.

Owns how they are written and when they next let a message go. Promises that they only ever hold back:
a scenario's window stays as it is, inside them. Leaves saving them to the use cases.
"""
