"""Ask what a scenario would do, or would have done, to a shop's own carts; nothing is touched.

Owns the history told back from what is kept, the rehearsal, and the replays that go on in the background.
Promises that of a rehearsal nothing is stored but the numbers asked for, and nothing leaves.
Leaves all deciding to the use cases that decide for real.
"""
