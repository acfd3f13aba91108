"""What is done to one person: two made one and parted again, her story told, what the law asks for.

Owns the order in which her rows are touched. Promises that what was put together by hand can be taken
apart. Leaves the tables that hold something of hers to `personal_data`.
"""
