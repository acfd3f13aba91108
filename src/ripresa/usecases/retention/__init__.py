"""What is kept for how long, and its end, without anybody asking.

Owns the limits and the statements that keep them. Promises small batches, and that nothing in force goes.
Leaves erasing a person to personal data.
"""
