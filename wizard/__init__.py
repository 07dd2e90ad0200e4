from . import (
    bank_import,
    bank_import_line,
    bank_import_run,
    match_accept,
    receivable_aging_date,
    reconciliation_act,
)
