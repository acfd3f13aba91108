"""Edit the pipeline of a shop, one transaction a change.

Errors are those of `ripresa.domain.deals.stages`: nothing has changed then.
"""

from django.db import transaction

from ripresa.domain.deals import pipeline, stages

show = transaction.atomic(pipeline.show)
rename_pipeline = transaction.atomic(pipeline.rename)
add_stage = transaction.atomic(stages.add_stage)
rename_stage = transaction.atomic(stages.rename_stage)
move_stage = transaction.atomic(stages.move_stage)
remove_stage = transaction.atomic(stages.remove_stage)
