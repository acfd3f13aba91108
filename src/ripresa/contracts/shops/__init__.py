"""Shops' platforms: how a connector is declared, and how a shop is asked.

Owns what every connector gives and the two troubles of asking.
Promises that a shop which can't be asked just now is told apart from one that lets us in no more.
Leaves each platform to its connector.
"""
