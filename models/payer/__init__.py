# What is known of a payer beyond the segment: score, habits, exposure, everything said and done.
from . import payer_score  # isort: skip
from . import payer_score_history  # isort: skip
from . import payer_exposure, payer_habits, payer_signal, payer_timeline, res_partner
