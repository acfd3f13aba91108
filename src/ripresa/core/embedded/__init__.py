"""The embedded PostgreSQL: a database without an installation, kept in RIPRESA_HOME.

Owns the server's files, processes and start-up messages. Promises one server per home that starts
once, survives every kill and stops with its last user, and that nothing else on the machine is
touched. Leaves tables and queries to others.
"""
