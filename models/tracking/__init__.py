from . import res_company  # isort: skip
from . import invoice_tracking_event  # isort: skip
from . import (
    account_move,
    account_move_send,
    closing_documents,
    invoice_dispute,
    mail,
    receivable_position,
    res_config_settings,
    res_partner,
    sale_order,
    tracked_link,
)
