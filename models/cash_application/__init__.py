from . import (
    bank_file_import,
    bank_file_reading,
    bank_line_origin,
    bank_statement_import_log,
    bank_statement_profile,
    match_account_move,
    match_settings,
    payment_match,
    payment_match_apply,
    payment_match_decide,
)
