from . import account_journal, account_move, invoicing_rule, sale_order
