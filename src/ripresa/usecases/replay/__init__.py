"""Ask what a scenario would do, or would have done, to a shop's own carts; nothing is touched.

Owns the history told back from what is kept, and the rehearsal. Promises that nothing is stored and
nothing leaves. Leaves all deciding to the use cases that decide for real.
"""
