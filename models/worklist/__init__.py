# The engine first; each source of work after it, in a file of its own.
from . import worklist  # isort: skip
from . import work_mark  # isort: skip
from . import (
    source_approval,
    source_chronic,
    source_debt,
    source_delivery,
    source_dispute,
    source_hand_over,
    source_order,
    source_promise,
    source_statement,
    source_unmatched,
)
