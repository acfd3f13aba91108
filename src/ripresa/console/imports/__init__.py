"""Files brought in: choose the columns, see what will happen, let it run, mend what was left out.

Owns the pages of an import. Promises that nothing is stored before it was shown and confirmed.
Leaves what rows mean to `usecases/files`, and the running to workers.
"""
