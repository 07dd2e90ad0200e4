from . import account_journal
from . import account_move
from . import invoicing_rule
from . import sale_order
