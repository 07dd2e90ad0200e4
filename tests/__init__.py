from . import (
    test_cash_application_import,
    test_cash_application_matching,
    test_demo_company,
    test_dunning_reminders,
    test_end_to_end,
    test_house,
    test_invoicing_code,
    test_invoicing_documents,
    test_invoicing_rules,
    test_tracking_closing_documents,
    test_tracking_link,
    test_tracking_status,
)
