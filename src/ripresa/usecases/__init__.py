"""One module for each thing the system does.

Owns the order of steps and the transactions. Promises that the network sits between two of them.
Leaves the deciding to rules and the words of providers to channels.
"""
