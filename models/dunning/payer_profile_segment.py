from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr, format_date


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    segment_id = fields.Many2one(readonly=True)
    segment_rule_id = fields.Many2one("payer.segment.rule", "Rule", readonly=True, ondelete="set null")
    segment_reason = fields.Char("Why This Segment", compute="_compute_segment_reason")
    segment_change_ids = fields.One2many(
        "payer.segment.change", "profile_id", "Segment History", readonly=True
    )
    override_segment_id = fields.Many2one(
        "payer.segment",
        "Segment by Hand",
        ondelete="set null",
        help="Takes the place of the computed segment until the date given.",
    )
    override_reason = fields.Char("Reason of the Segment by Hand")
    override_until = fields.Date("Until", help="The last day of the segment by hand.")

    # How the customer paid during the last year; written every night.
    invoices = fields.Integer("Invoices Paid or Late", readonly=True)
    share_late = fields.Float("Share Late", readonly=True, aggregator="avg", help="In percent.")
    mean_days_late = fields.Float("Mean Days Late", readonly=True, aggregator="avg")
    overdue_days = fields.Integer("Oldest Open Debt", readonly=True, aggregator="max", help="Days late.")
    unanswered = fields.Integer("Reminders Without an Answer", readonly=True, aggregator="max")
    months = fields.Integer("Months of History", readonly=True, aggregator="max")

    @api.constrains("override_segment_id", "override_reason", "override_until")
    def _check_override(self):
        for profile in self:
            if profile.override_segment_id and not (profile.override_reason and profile.override_until):
                raise ValidationError(
                    self.env._(
                        "%s: a segment by hand needs a reason and a last day, so that it is not forgotten.",
                        profile.partner_id.display_name,
                    )
                )

    @api.depends("segment_rule_id", "override_segment_id", "override_until", "invoices", "share_late")
    @api.depends_context("lang")
    def _compute_segment_reason(self):
        metrics = dict(self.env["payer.segment.condition"]._fields["metric"]._description_selection(self.env))
        for profile in self:
            if profile._is_overridden(profile.company_id._receivables_today()):
                profile.segment_reason = self.env._(
                    "By hand until %(date)s: %(reason)s",
                    date=format_date(self.env, profile.override_until),
                    reason=profile.override_reason,
                )
                continue
            conditions = profile.segment_rule_id.condition_ids
            values = [
                f"{metrics[condition.metric]}: {profile._format_metric(condition.metric)}"
                for condition in conditions
            ]
            profile.segment_reason = "; ".join(values) or (
                self.env._("None of the other rules holds") if profile.segment_rule_id else False
            )

    def _format_metric(self, metric):
        value = self[metric]
        return str(value) if isinstance(value, int) else float_repr(value, 0 if value == int(value) else 1)

    def _is_overridden(self, today) -> bool:
        return bool(self.override_segment_id and self.override_until and self.override_until >= today)

    def write(self, vals):
        result = super().write(vals)
        if "override_segment_id" in vals or "override_until" in vals:
            for company, profiles in self.grouped("company_id").items():
                profiles._apply_segments(company._receivables_today())
        return result

    def _apply_segments(self, today):
        """Bring ``segment_id`` in line with the rule or the hand; one write per segment, with its history."""
        per_segment, changes = {}, []
        for profile in self:
            segment = (
                profile.override_segment_id
                if profile._is_overridden(today)
                else profile.segment_rule_id.segment_id or profile.segment_id
            )
            if segment == profile.segment_id:
                continue
            per_segment.setdefault(segment, self.browse())
            per_segment[segment] |= profile
            changes.append(
                {
                    "profile_id": profile.id,
                    "date": today,
                    "old_segment_id": profile.segment_id.id,
                    "new_segment_id": segment.id,
                    "reason": profile.segment_reason,
                }
            )
        for segment, profiles in per_segment.items():
            profiles.segment_id = segment
        # sudo: the history is written by this method only; whoever may change the profile came here.
        self.env["payer.segment.change"].sudo().create(changes)
        for segment, profiles in per_segment.items():
            profiles._keep_trust_in_step(segment)

    def _keep_trust_in_step(self, segment):
        """Odoo's own mark of a debtor, which its screens and other apps show."""
        trust = {"reliable": "good", "problem": "bad"}.get(segment.code, "normal")
        for company, profiles in self.grouped("company_id").items():
            # sudo: a collector may not edit contacts, but this mark follows from the ledger.
            partners = profiles.partner_id.sudo().with_company(company)
            partners.filtered(lambda partner: partner.trust != trust).trust = trust
