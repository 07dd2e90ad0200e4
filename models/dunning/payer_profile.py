from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date


class PayerSegment(models.Model):
    _name = "payer.segment"
    _description = "Payer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Technical name, for rules and integrations.")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to share the segment between companies.")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another segment has this technical name."
    )


class PayerProfile(models.Model):
    """What we know of a payer: one per commercial partner and company."""

    _name = "payer.profile"
    _description = "Payer Profile"
    _rec_name = "partner_id"
    _order = "partner_id, company_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, readonly=True
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(related="partner_id.active", store=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson", store=True)
    segment_id = fields.Many2one("payer.segment", "Segment", index=True, ondelete="restrict")
    ladder_id = fields.Many2one(
        "dunning.ladder",
        "Reminder Ladder",
        ondelete="set null",
        check_company=True,
        help="Leave empty for the ladder of the company.",
    )
    reminders_enabled = fields.Boolean(
        "Reminders", default=lambda self: self.env.company.dunning_new_customers
    )
    reminder_ids = fields.One2many("dunning.reminder", "profile_id", "Reminders Sent and Planned")
    last_reminder_date = fields.Date("Last Reminder", compute="_compute_last_reminder_date")
    next_step = fields.Char(
        compute="_compute_next_step", help="What the reminders do next, or why they do nothing."
    )
    next_step_date = fields.Date("Next Step On", compute="_compute_next_step")
    overdue_total = fields.Monetary(
        "Overdue", currency_field="company_currency_id", compute="_compute_overdue_total"
    )

    _partner_unique = models.Constraint(
        "UNIQUE (partner_id, company_id)", "A customer has one payer profile per company."
    )

    @api.depends("reminder_ids.state")
    def _compute_last_reminder_date(self):
        last = {
            profile.id: day
            for profile, day in self.env["dunning.reminder"]._read_group(
                [("profile_id", "in", self.ids), ("state", "=", "sent")], ["profile_id"], ["date:max"]
            )
        }
        for profile in self:
            profile.last_reminder_date = last.get(profile.id)

    @api.depends("reminders_enabled", "ladder_id")
    @api.depends_context("lang")
    def _compute_next_step(self):
        """Decide for all shown customers at once: the same facts, the same rule as the daily run."""
        self.next_step = self.next_step_date = False
        for company, profiles in self.grouped("company_id").items():
            decided = company._decide_dunning(
                company._receivables_today(), self.env["res.partner"].browse(profiles.partner_id.ids)
            )
            per_partner = {}
            for account, decision in decided:
                per_partner.setdefault(account.partner, []).append(decision)
            for profile in profiles:
                choices = per_partner.get(profile.partner_id.id)
                if choices:
                    profile.next_step, profile.next_step_date = profile._describe(choices)

    def _describe(self, decisions):
        """The most pressing of the decisions (one per currency) in words, and its day."""
        rank = ("hand_over", "send", "wait", "silent")
        decision = min(decisions, key=lambda d: rank.index(d.kind.value))
        steps = self.env["dunning.step"]
        if decision.kind.value in ("hand_over", "send"):
            return steps.browse(decision.step.key).name, self.company_id._receivables_today()
        if decision.kind.value == "wait":
            item = min((i for i in decision.all_items if i.date), key=lambda i: i.date)
            if item.reason.value == "promised":
                last = item.date - timedelta(days=1)
                return self.env._("Promised until %s", format_date(self.env, last)), item.date
            if item.reason.value == "paused":
                return self.env._("Paused"), item.date
            return steps.browse(item.step.key).name, item.date
        if decision.reason.value in ("weekend", "sent_today", "contacted_recently"):
            # A matter of days: what comes then says more than why not today.
            return steps.browse(decision.step.key).name, decision.until
        reasons = dict(self.env["dunning.reminder"]._fields["hold_reason"]._description_selection(self.env))
        return reasons.get(decision.reason.value, ""), decision.until

    def _compute_overdue_total(self):
        for company, profiles in self.grouped("company_id").items():
            today = company._receivables_today()
            # sudo: collectors see the debt without further rights on the ledger.
            groups = (
                self.env["account.move.line"]
                .sudo()
                ._read_group(
                    [
                        ("company_id", "=", company.id),
                        ("parent_state", "=", "posted"),
                        ("account_type", "=", "asset_receivable"),
                        ("reconciled", "=", False),
                        ("amount_residual", ">", 0),
                        ("date_maturity", "<", today),
                        ("move_id.commercial_partner_id", "in", profiles.partner_id.ids),
                    ],
                    ["partner_id"],
                    ["amount_residual:sum"],
                )
            )
            totals = {}
            for partner, residual in groups:
                entity = partner.commercial_partner_id.id
                totals[entity] = totals.get(entity, 0.0) + residual
            for profile in profiles:
                profile.overdue_total = totals.get(profile.partner_id.id, 0.0)

    @api.model
    def _get_or_create(self, company, partners):
        """The profiles of the commercial entities of ``partners``; two statements for any number."""
        partners = partners.commercial_partner_id
        found = self.with_context(active_test=False).search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
        )
        missing = partners - found.partner_id
        return found + self.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "reminders_enabled": company.dunning_new_customers,
                }
                for partner in missing
            ]
        )

    def action_enable_reminders(self):
        self.reminders_enabled = True

    def action_disable_reminders(self):
        self.reminders_enabled = False

    def action_open_partner(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }
