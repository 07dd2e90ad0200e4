from . import res_company  # isort: skip
from . import invoice_tracking_event  # isort: skip
from . import account_move
from . import account_move_send
from . import mail
from . import receivable_position
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import tracked_link
