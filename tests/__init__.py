from . import test_cash_application_import
from . import test_house
from . import test_invoicing_code
from . import test_invoicing_rules
from . import test_tracking_link
from . import test_tracking_status
from . import test_cash_application_matching
from . import test_dunning_reminders
