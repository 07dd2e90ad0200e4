{
    "name": "Invoice to Cash",
    "summary": "From the closed deal to the money in the bank: invoices, statuses, bank files, matching, reminders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Invoice to Cash contributors",
    "license": "LGPL-3",
    "depends": ["account_payment", "sale_stock", "sale_crm"],
    "external_dependencies": {
        "python": ["lxml", "rapidfuzz", "qrcode"],
    },
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/menus.xml",
        "views/settings.xml",
        # invoicing
        # tracking
        # cash application: bank files
        # cash application: matching
        # dunning
    ],
    "assets": {
        "web.assets_tests": ["invoice_to_cash/static/tests/tours/**/*"],
    },
    "application": True,
}
