from . import dunning_ladder  # isort: skip
from . import payer_profile  # isort: skip
from . import dunning_reminder  # isort: skip
from . import payer_segment_rule  # isort: skip
from . import dunning_step  # isort: skip
from . import (
    account_move,
    dunning_contact,
    dunning_dispatch,
    dunning_facts,
    dunning_facts_causes,
    dunning_facts_silence,
    dunning_figures,
    dunning_generate,
    dunning_ladder_choice,
    dunning_letter,
    dunning_notice,
    dunning_outbox,
    dunning_send,
    dunning_silence,
    dunning_tasks,
    mail,
    payer_profile_segment,
    payer_segment_compute,
    res_company,
    res_partner,
)
