from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ...core.dunning import segments

METRICS = [
    ("invoices", "Invoices paid or late"),
    ("share_late", "Share late, %"),
    ("mean_days_late", "Mean days late"),
    ("overdue_days", "Oldest open debt, days late"),
    ("unanswered", "Reminders without an answer"),
    ("months", "Months since the first invoice"),
]
OPERATORS = [(">=", "at least"), ("<=", "at most")]


class PayerSegmentRule(models.Model):
    """All conditions hold: the customer belongs to the segment. The first rule that holds wins."""

    _name = "payer.segment.rule"
    _description = "Payer Segment Rule"
    _order = "sequence, id"
    _rec_name = "segment_id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    segment_id = fields.Many2one("payer.segment", "Segment", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="segment_id.company_id", store=True)
    condition_ids = fields.One2many("payer.segment.condition", "rule_id", "Conditions", copy=True)
    summary = fields.Char(compute="_compute_summary")

    @api.depends("condition_ids.metric", "condition_ids.operator", "condition_ids.limit")
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = "; ".join(rule.condition_ids.mapped("display_name")) or self.env._(
                "everybody else"
            )

    def _to_core(self) -> tuple[segments.SegmentRule, ...]:
        return tuple(
            segments.SegmentRule(
                rule.segment_id.id,
                tuple(
                    segments.Condition(condition.metric, condition.operator, Decimal(str(condition.limit)))
                    for condition in rule.condition_ids
                ),
                rule.id,
            )
            for rule in self
        )


class PayerSegmentCondition(models.Model):
    _name = "payer.segment.condition"
    _description = "Payer Segment Condition"
    _order = "rule_id, id"

    rule_id = fields.Many2one("payer.segment.rule", required=True, index=True, ondelete="cascade")
    metric = fields.Selection(METRICS, "Figure", required=True)
    operator = fields.Selection(OPERATORS, "Compared", required=True, default=">=")
    limit = fields.Float(required=True, digits=(16, 1))

    @api.depends("metric", "operator", "limit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for condition in self:
            condition.display_name = self.env._(
                "%(figure)s %(compared)s %(limit)s",
                figure=metrics.get(condition.metric, ""),
                compared=operators.get(condition.operator, ""),
                limit=float_repr(condition.limit, 0 if condition.limit == int(condition.limit) else 1),
            )


class PayerSegmentChange(models.Model):
    """Append-only: when a customer went from one segment to another, and why."""

    _name = "payer.segment.change"
    _description = "Payer Segment Change"
    _order = "date desc, id desc"
    _log_access = False

    profile_id = fields.Many2one(
        "payer.profile", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="profile_id.company_id", store=True)
    date = fields.Date(required=True, readonly=True)
    old_segment_id = fields.Many2one("payer.segment", "From", readonly=True, ondelete="set null")
    new_segment_id = fields.Many2one("payer.segment", "To", readonly=True, ondelete="set null")
    reason = fields.Char(readonly=True)
