"""What every channel that calls an HTTP API does alike.

Owns sharing a batch out to threads and what a failed call means for its message. Promises what
`Channel.send` promises about time and order.
Leaves the call itself, and reading its answer, to the channel.
"""
