from . import account_journal, account_move, account_move_send, invoicing_rule, sale_order
