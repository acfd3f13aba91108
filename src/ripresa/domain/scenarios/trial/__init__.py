"""Ways tried against each other: which arm of a scenario's test each person is in.

Owns the draw and its table's statements. Promises that a person keeps her arm, whatever shares become.
Leaves what the arms say to the plan, and which did better to the reports.
"""
