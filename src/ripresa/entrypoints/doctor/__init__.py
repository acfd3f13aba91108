"""The doctor: looks at an install and says what is wrong and what to do.

Owns the checks. Promises to change nothing and to say everything it can find out, in plain words.
Leaves the mending to people.
"""
