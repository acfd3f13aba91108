"""One module for each thing the system does; those of the main job stand here, the others by subject below.

The main job: events are folded, carts advance, recoveries are taken up, messages handed over, composed and
sent, their fates and what is heard of them recorded.

Owns the order of steps and the transactions. Promises that the network sits between two of them.
Leaves the deciding to rules and the words of providers to channels.
"""
