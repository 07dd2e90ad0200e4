from . import (
    bank_import,
    bank_import_line,
    bank_import_profile,
    bank_import_queue,
    bank_import_run,
    bank_profile_setup,
    delivery_hold_simulation,
    invoicing_dry_run,
    match_accept,
    payment_hold_override,
    receivable_aging_date,
    reconciliation_act,
)
