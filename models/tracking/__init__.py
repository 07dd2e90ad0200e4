from . import res_company  # isort: skip
from . import invoice_tracking_event  # isort: skip
from . import account_move  # isort: skip
from . import tracking_log  # isort: skip  # before closing_documents, which extends it
from . import (
    account_move_send,
    closing_documents,
    company_holidays,
    delivery,
    due_calendar,
    invoice_dispute,
    openings,
    receivable_account,
    receivable_position,
    res_config_settings,
    res_partner,
    sale_order,
    status_job,
    timeline,
    tracked_link,
    tracking_action,
    tracking_action_run,
    tracking_health,
)
