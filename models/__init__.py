# The stages of the process, in the order in which data goes through them.
from . import invoicing  # isort: skip
from . import tracking  # isort: skip
from . import cash_application  # isort: skip
from . import dunning  # isort: skip
from . import fulfilment  # isort: skip
from . import analytics  # isort: skip
from . import payer  # isort: skip
from . import worklist  # isort: skip
from . import checkup  # isort: skip
from . import digest  # isort: skip
