from . import dunning_ladder  # isort: skip
from . import payer_profile  # isort: skip
from . import dunning_reminder  # isort: skip
from . import account_move
from . import dunning_facts
from . import dunning_generate
from . import dunning_letter
from . import dunning_send
from . import mail
from . import res_company
from . import res_partner
