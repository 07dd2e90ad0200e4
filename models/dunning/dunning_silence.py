"""Why a step did not go: kept, so that months later "why did they get no letter in June?" has an answer."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.dunning import DUE_REASONS, EXCLUDED_REASONS, Kind, Reason
from .dunning_ladder import TONE_OF, TONES
from .dunning_reminder import HOLD_REASONS

#: A softer step whose day came while something else kept us silent, or before we looked.
PASSED = "passed"


class DunningSilence(models.Model):
    """One step of one position, held back or passed over for one reason from the first to the last day."""

    _name = "dunning.silence"
    _description = "Step That Was Not Sent"
    _order = "last_date desc, id desc"
    _rec_name = "move_id"

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", "Invoice", required=True, index=True, ondelete="cascade")
    position = fields.Integer(required=True, help="Which of the invoice's due dates, counted from 1.")
    level = fields.Integer(required=True)
    tone = fields.Selection(TONES, "Letter", compute="_compute_tone", help="The tone of the step's letter.")
    occurrence = fields.Integer(required=True, default=1)
    reason = fields.Selection(
        [*HOLD_REASONS, (PASSED, "No longer true when we came to it")], required=True, index=True
    )
    first_date = fields.Date("From", required=True)
    last_date = fields.Date("Until", required=True)

    _reason_once = models.UniqueIndex(
        "(move_id, position, level, occurrence, reason)", "This reason is noted for this step already."
    )

    @api.depends("level")
    def _compute_tone(self):
        for silence in self:
            silence.tone = TONE_OF.get(silence.level, False)

    @api.depends("move_id", "level")
    def _compute_display_name(self):
        for silence in self:
            silence.display_name = f"{silence.move_id.name or ''} ({silence.level})"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _note_dunning_silence(self, decided, today, noted=frozenset()):
        """Keep why steps that are due are not sent, and which were passed over; one statement.

        :param noted: (customer, currency) whose message of today is as it was: what it passed over is kept.
        """
        self.ensure_one()
        rows = {}

        def note(account, item, step, occurrence, reason):
            move_id, position = item.position.key
            rows[move_id, position, step.level, occurrence, reason] = account.partner

        for account, decision in decided:
            # A hand-over takes the account's other invoices along, whose own steps may be due as well.
            silent = {Kind.SILENT: decision.reason, Kind.HAND_OVER: Reason.WITH_PERSON}.get(decision.kind)
            acting = decision.items if decision.kind is Kind.HAND_OVER else ()
            for item in decision.all_items:
                if item.step and item.reason in EXCLUDED_REASONS:
                    note(account, item, item.step, item.occurrence, item.reason.value)
                elif silent and item.reason in DUE_REASONS and item not in acting:
                    note(account, item, item.step, item.occurrence, silent.value)
                if (account.partner, account.currency) not in noted:
                    for step in item.passed:
                        note(account, item, step, 1, PASSED)
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_silence
                       (company_id, partner_id, move_id, position, level, occurrence, reason,
                        first_date, last_date, create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, fact.partner, fact.move, fact.position, fact.level, fact.occurrence,
                       fact.reason, %(today)s, %(today)s, %(user)s, %(user)s, %(now)s, %(now)s
                  FROM UNNEST(%(partners)s::int[], %(moves)s::int[], %(positions)s::int[], %(levels)s::int[],
                              %(occurrences)s::int[], %(reasons)s::varchar[])
                    AS fact(partner, move, position, level, occurrence, reason)
                    ON CONFLICT (move_id, position, level, occurrence, reason)
                    DO UPDATE SET last_date = GREATEST(dunning_silence.last_date, EXCLUDED.last_date)
                     WHERE dunning_silence.last_date < EXCLUDED.last_date
                """,
                company=self.id,
                today=today,
                user=self.env.uid,
                now=fields.Datetime.now(),
                partners=list(rows.values()),
                moves=list(columns[0]),
                positions=list(columns[1]),
                levels=list(columns[2]),
                occurrences=list(columns[3]),
                reasons=list(columns[4]),
            ),
            log_exceptions=False,
        )
        self.env["dunning.silence"].invalidate_model(flush=False)
