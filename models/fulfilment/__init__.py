from . import res_company, hold_facts  # isort: skip
from . import payer_profile, sale_order, stock_picking, stock_move, dropship, release, dunning_hold  # isort: skip
