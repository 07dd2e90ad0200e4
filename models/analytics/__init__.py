from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    receivable_kpi,
    receivable_kpi_compute,
    receivable_kpi_dashboard,
    receivable_ledger,
    res_company,
    res_config_settings,
)
