from . import (
    bank_import,
    bank_import_line,
    bank_import_run,
    receivable_aging_date,
    reconciliation_act,
)
