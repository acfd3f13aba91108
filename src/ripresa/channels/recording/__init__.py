"""Recording: a channel that takes messages over and sends nothing.

Owns the check that a message could be sent at all. Promises that nothing leaves the machine, and says so in
every receipt. Leaves what was said to the tables, which keep it as for any channel.
"""
