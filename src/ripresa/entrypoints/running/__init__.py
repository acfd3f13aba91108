"""Processes of one installation: started, kept alive, and ended together.

Owns the crew, the lifeline from parent to child, the ports, and the signal to stop.
Promises that nothing of ours outlives the process that started it.
Leaves what each process does to the roles of the command line.
"""
