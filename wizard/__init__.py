from . import bank_import, reconciliation_act
