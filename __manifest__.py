{
    "name": "Invoice to Cash",
    "summary": "From the closed deal to the money in the bank: invoices, bank files, matching, reminders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Invoice to Cash contributors",
    "license": "LGPL-3",
    "depends": ["account_payment", "sale_stock", "sale_crm"],
    "external_dependencies": {
        "python": ["lxml", "mt-940", "pytz"],
    },
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/menus.xml",
        "views/settings.xml",
        "views/mail_layout.xml",
        # invoicing
        "data/mail_template_invoice.xml",
        "views/invoicing/rule_views.xml",
        # tracking
        "data/tracking_cron.xml",
        "views/tracking/invoice_views.xml",
        "views/tracking/partner_views.xml",
        "views/tracking/sale_views.xml",
        "views/tracking/portal_templates.xml",
        "views/tracking/settings.xml",
        # cash application: bank files
        "data/bank_statement_profile.xml",
        "views/cash_application/bank_import_views.xml",
        # cash application: matching
        "views/cash_application/match_views.xml",
        # dunning
        "data/payer_segments.xml",
        "data/dunning_data.xml",
        "views/dunning/letter_templates.xml",
        "data/mail_template_reminders.xml",
        "data/dunning_ladder.xml",
        "views/dunning/reminder_views.xml",
        "views/dunning/payer_profile_views.xml",
        "views/dunning/ladder_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["invoice_to_cash/static/tests/tours/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
