"""The score of a payer, computed every night after the segment, and its history by month."""

import json
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, float_repr

from ...core import payer_score

GRADES = [("none", "Too little history"), ("good", "Good"), ("watch", "To be watched"), ("alarm", "Bad")]
#: The score is compared with that of so many months ago.
TREND_MONTHS = 3


class PayerScore(models.Model):
    """The score of a payer in a month: its last day's."""

    _name = "payer.score"
    _description = "Payer Score by Month"
    _order = "date desc, id desc"
    _rec_name = "profile_id"

    profile_id = fields.Many2one(
        "payer.profile", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="profile_id.company_id", store=True, precompute=True, index=True)
    date = fields.Date("Month", required=True, readonly=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    segment_id = fields.Many2one("payer.segment", "Segment", readonly=True, ondelete="set null")
    mean_days_late = fields.Float("Mean Days Late", readonly=True, aggregator="avg", digits=(16, 1))
    overdue_days = fields.Integer("Oldest Open Debt", readonly=True, aggregator="max")

    _month_unique = models.UniqueIndex("(profile_id, date)")


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    score = fields.Integer(readonly=True, aggregator="avg", help="How well they pay, from 0 to 100.")
    score_grade = fields.Selection(GRADES, "Payer", readonly=True, default="none", index=True)
    score_parts = fields.Json(readonly=True)
    score_html = fields.Html("Made Of", compute="_compute_score_html", sanitize=False)
    score_change = fields.Integer(
        "Change", readonly=True, aggregator="avg", help="Against the score of three months ago."
    )
    score_ids = fields.One2many("payer.score", "profile_id", "Score by Month", readonly=True)

    @api.depends("score_parts")
    @api.depends_context("lang")
    def _compute_score_html(self):
        """Each part in words: what was looked at, and its points."""
        row = Markup('<tr><td>%s</td><td class="text-end text-nowrap ps-3">%s</td></tr>')
        table = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')
        for profile in self:
            parts = profile.score_parts or []
            rows = Markup().join(
                row
                % (
                    self._describe_part(key, value),
                    self.env._("%(points)s of %(most)s", points=float_repr(points, 0), most=most),
                )
                for key, points, most, value in parts
            )
            profile.score_html = table % rows if parts else False

    @api.model
    def _describe_part(self, key, value):
        _ = self.env._
        number = float_repr(value, 0 if value == int(value) else 1)
        words = {
            "in_time": _("Paid in time: %s %% of the invoices", number),
            "lateness": _("Paid %s days late on average", number)
            if value > 0
            else _("Paid in time on average"),
            "open_debt": _("Oldest open debt: %s days late", number) if value else _("Nothing overdue now"),
            "answers": _("Reminders without an answer: %s", number)
            if value
            else _("No reminder without an answer"),
            "promises": _("Promises kept: %s %%", number),
        }
        return words[key]

    @api.model
    def _compute_segments(self, company, partners):
        """Override of dunning: the score follows from the figures that were just written."""
        result = super()._compute_segments(company, partners)
        self._get_or_create(company, partners)._compute_scores(company)
        return result

    def _compute_scores(self, company):
        """Score and history of these profiles of one company; a fixed number of queries."""
        if not self:
            return
        today = company._receivables_today()
        promises = self._get_promises_judged()
        rows = []
        for profile in self:
            judged, kept = promises.get(profile.partner_id.id, (0, 0))
            found = payer_score.score(
                payer_score.PayerFacts(
                    invoices=profile.invoices,
                    share_late=Decimal(str(round(profile.share_late, 4))),
                    mean_days_late=Decimal(str(round(profile.mean_days_late, 4))),
                    overdue_days=profile.overdue_days,
                    unanswered=profile.unanswered,
                    promises=judged,
                    kept=kept,
                )
            )
            parts = [
                [part.key, float(part.points), part.of, float(part.value)]
                for part in (found.parts if found else ())
            ]
            rows.append(
                (
                    profile.id,
                    found.total if found else None,
                    found.grade if found else "none",
                    json.dumps(parts) if parts else None,
                )
            )
        self.flush_recordset()
        month = today.replace(day=1)
        self.env.cr.execute(
            SQL(
                """
                WITH new (id, score, grade, parts) AS (VALUES %(rows)s), history AS (
                    INSERT INTO payer_score (profile_id, company_id, date, score, segment_id,
                                             mean_days_late, overdue_days)
                    SELECT new.id, profile.company_id, %(month)s, new.score::int, profile.segment_id,
                           profile.mean_days_late, profile.overdue_days
                      FROM new JOIN payer_profile profile ON profile.id = new.id::int
                     WHERE new.score IS NOT NULL
                    ON CONFLICT (profile_id, date) DO UPDATE
                       SET score = EXCLUDED.score, segment_id = EXCLUDED.segment_id,
                           mean_days_late = EXCLUDED.mean_days_late, overdue_days = EXCLUDED.overdue_days
                )
                UPDATE payer_profile profile
                   SET score = new.score::int, score_grade = new.grade, score_parts = new.parts::jsonb,
                       score_change = new.score::int - (
                           SELECT before.score FROM payer_score before
                            WHERE before.profile_id = profile.id AND before.date <= %(before)s
                            ORDER BY before.date DESC LIMIT 1)
                  FROM new WHERE profile.id = new.id::int
                """,
                rows=SQL(", ").join(SQL("(%s, %s, %s, %s)", *row) for row in rows),
                month=month,
                before=month - relativedelta(months=TREND_MONTHS),
            )
        )
        self.invalidate_recordset(
            ["score", "score_grade", "score_parts", "score_html", "score_change", "score_ids"]
        )

    def action_open_scores(self):
        """The score month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_payer_scores")
        return {**action, "domain": [("profile_id", "=", self.id)]}

    def _get_promises_judged(self) -> dict[int, tuple[int, int]]:
        """{commercial partner id: (promises whose day has come, kept)}; nothing where none are noted."""
        judged = {}
        # sudo: the score is the company's, whoever asks.
        for partner, state, number in (
            self.env["payment.promise"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("state", "in", ("kept", "broken")),
                ],
                ["partner_id", "state"],
                ["__count"],
            )
        ):
            matured, kept = judged.get(partner.id, (0, 0))
            judged[partner.id] = matured + number, kept + (number if state == "kept" else 0)
        return judged
