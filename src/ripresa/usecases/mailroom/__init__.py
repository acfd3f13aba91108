"""What is done with mails that came in: stored, read, believed, passed on.

Owns which message of ours a mail is about, and the way of an answer to the agent.
Promises that nothing follows from a mail that names no message of ours, and that no answer goes in circles.
Leaves reading a mail to channels, and what follows from feedback to record_feedback.
"""
