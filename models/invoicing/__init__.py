from . import account_journal, account_move, account_move_send, invoicing_rule, sale_order

# what is printed
from . import document_bank, document_company, document_partner  # isort: skip
from . import document_move, document_order, document_portal, document_sending  # isort: skip
from . import invoice_document, ir_actions_report  # isort: skip
