from . import account_journal, account_move, account_move_send, invoicing_company, invoicing_rule

# from the order to its invoices
from . import sale_order, order_facts, order_invoices, order_review  # isort: skip
from . import crm_lead, recurring  # isort: skip

# what is printed
from . import document_bank, document_company, document_partner  # isort: skip
from . import document_move, document_order, document_portal, document_sending  # isort: skip
from . import document_set  # isort: skip
from . import invoice_document, ir_actions_report  # isort: skip

# prepaid orders: the счёт on top of the documents, the money
from . import order_bill, order_advance, order_payment  # isort: skip
