from odoo import api, fields, models

COLLECTOR = "invoice_to_cash.group_collector"


class ResPartner(models.Model):
    _inherit = "res.partner"

    payer_profile_id = fields.Many2one("payer.profile", compute="_compute_payer_profile_id", groups=COLLECTOR)
    payer_segment_id = fields.Many2one(
        "payer.segment", "Segment", compute="_compute_payer_profile_id", groups=COLLECTOR
    )
    reminders_enabled = fields.Boolean(
        "Send Reminders",
        compute="_compute_payer_profile_id",
        inverse="_inverse_reminders",
        groups=COLLECTOR,
    )
    reminders_paused_until = fields.Date(
        "Pause Until",
        compute="_compute_payer_profile_id",
        inverse="_inverse_reminders",
        groups=COLLECTOR,
        help="The last day without reminders; they go on the day after.",
    )
    reminders_pause_reason = fields.Char(
        "Pause Reason", compute="_compute_payer_profile_id", inverse="_inverse_reminders", groups=COLLECTOR
    )
    reminder_next_step = fields.Char("Next Step", compute="_compute_reminder_next_step", groups=COLLECTOR)
    reminder_next_date = fields.Date("Next Step On", compute="_compute_reminder_next_step", groups=COLLECTOR)
    reminder_last_date = fields.Date("Last Reminder", compute="_compute_reminder_next_step", groups=COLLECTOR)
    reminder_count = fields.Integer("Reminders", compute="_compute_reminder_count", groups=COLLECTOR)

    def _get_payer_profiles(self):
        """{commercial partner id: profile} in the current company; one query."""
        profiles = (
            self.env["payer.profile"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("partner_id", "in", self.commercial_partner_id.ids),
                ]
            )
        )
        return {profile.partner_id.id: profile for profile in profiles}

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_payer_profile_id(self):
        profiles = self._get_payer_profiles()
        for partner in self:
            profile = profiles.get(partner.commercial_partner_id.id, self.env["payer.profile"])
            partner.payer_profile_id = profile
            partner.payer_segment_id = profile.segment_id
            partner.reminders_enabled = (
                profile.reminders_enabled if profile else self.env.company.dunning_new_customers
            )
            partner.reminders_paused_until = profile.paused_until
            partner.reminders_pause_reason = profile.pause_reason

    def _inverse_reminders(self):
        values = {
            partner.commercial_partner_id.id: {
                "reminders_enabled": partner.reminders_enabled,
                "paused_until": partner.reminders_paused_until,
                "pause_reason": partner.reminders_pause_reason,
            }
            for partner in self
        }
        for profile in self.env["payer.profile"]._get_or_create(self.env.company, self):
            profile.write(values[profile.partner_id.id])

    @api.depends("commercial_partner_id", "reminders_enabled", "reminders_paused_until")
    @api.depends_context("company", "lang")
    def _compute_reminder_next_step(self):
        saved = self.filtered(lambda partner: partner.commercial_partner_id.ids)
        (self - saved).reminder_next_step = False
        (self - saved).reminder_next_date = False
        (self - saved).reminder_last_date = False
        profiles = saved._get_payer_profiles()
        for partner in saved:
            profile = profiles.get(partner.commercial_partner_id.id, self.env["payer.profile"])
            partner.reminder_next_step = profile.next_step
            partner.reminder_next_date = profile.next_step_date
            partner.reminder_last_date = profile.last_reminder_date

    @api.depends_context("company")
    def _compute_reminder_count(self):
        counts = {
            partner.id: count
            for partner, count in self.env["dunning.reminder"]._read_group(
                [
                    ("company_id", "=", self.env.company.id),
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "in", ("sent", "handed_over", "draft", "waiting")),
                ],
                ["partner_id"],
                ["__count"],
            )
        }
        for partner in self:
            partner.reminder_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_open_reminders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_reminders_of_customer")
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action
