from . import bank_import, receivable_aging_date, reconciliation_act
