"""What channels for letters and those who set letters agree on.

Owns the windows of envelopes and what a provider of letters may be able to do beside sending.
Promises lengths in millimetres from the upper left corner of the sheet.
Leaves the letter itself to contracts.channel.
"""
