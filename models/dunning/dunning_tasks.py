from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _assign_tasks(self):
        """One task for a person per hand-over, per customer without an address, per thing to put right."""
        handed = self.filtered(lambda reminder: reminder.state == "handed_over")
        handed._schedule_task(
            "invoice_to_cash.activity_hand_over", self.env._("Take over: automatic reminders have stopped")
        )
        self.filtered(lambda reminder: reminder.hold_reason == "no_email")._schedule_address_task()
        netting = self.filtered(lambda reminder: reminder.hold_reason == "netting")
        netting._schedule_task(
            "invoice_to_cash.activity_netting",
            self.env._("Offer to set off what we owe each other instead of a reminder"),
        )
        ours = self.filtered(lambda reminder: reminder.hold_reason == "our_turn")
        ours._schedule_task(
            "invoice_to_cash.activity_put_right",
            self.env._("Put right what keeps the customer from paying: until then no harsher letter goes"),
        )

    def _schedule_task(self, xmlid, summary):
        if not self:
            return
        kind = self.env.ref(xmlid)
        known = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )
        known_ids = set(known.mapped("res_id"))
        for reminder in self.filtered(lambda reminder: reminder.id not in known_ids):
            reminder.sudo().activity_schedule(
                activity_type_id=kind.id,
                summary=summary,
                user_id=reminder.company_id._get_dunning_responsible(reminder.partner_id).id,
            )

    def _schedule_address_task(self):
        """Ask for a working address of each customer of these messages, once."""
        partners = self.partner_id
        if not partners:
            return
        kind = self.env.ref("invoice_to_cash.activity_no_address")
        known = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "in", partners.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )
        known_ids = set(known.mapped("res_id"))
        company = self.company_id[:1]
        for partner in partners.filtered(lambda partner: partner.id not in known_ids):
            partner.sudo().activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("A reminder is due, and there is no valid e-mail address"),
                user_id=company._get_dunning_responsible(partner).id,
            )
