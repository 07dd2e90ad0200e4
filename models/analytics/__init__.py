from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    cash_forecast,
    cash_forecast_compute,
    cash_forecast_facts,
    receivable_kpi,
    receivable_kpi_compute,
    receivable_kpi_dashboard,
    receivable_ledger,
    res_company,
    res_config_settings,
)
