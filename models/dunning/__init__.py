from . import letter_language  # isort: skip
from . import dunning_ladder  # isort: skip
from . import payer_profile  # isort: skip
from . import dunning_reminder  # isort: skip
from . import payer_segment_rule  # isort: skip
from . import dunning_step  # isort: skip
from . import dunning_facts, dunning_facts_causes, dunning_facts_silence, dunning_facts_payments  # isort: skip
from . import dunning_generate, dunning_tasks, payer_profile_segment  # isort: skip
from . import dunning_pause, payment_promise, payment_plan, dunning_handover  # isort: skip
from . import (
    account_move,
    agreement_notice,
    agreements,
    dunning_contact,
    dunning_dispatch,
    dunning_evidence,
    dunning_figures,
    dunning_insert,
    dunning_interest,
    dunning_jobs,
    dunning_ladder_choice,
    dunning_letter,
    dunning_notice,
    dunning_outbox,
    dunning_reply,
    dunning_send,
    dunning_silence,
    dunning_write_off,
    ledger_history,
    mail,
    payer_proposal,
    payer_segment_compute,
    payment_plan_document,
    payment_plan_follow,
    payment_promise_judge,
    res_company,
    res_partner,
    settlements,
    shipped,
)
