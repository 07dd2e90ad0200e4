from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_enabled = fields.Boolean(
        "Daily Reminders", help="Prepare the reminders of this company every morning."
    )
    dunning_auto_send = fields.Boolean(
        "Send by Itself",
        default=True,
        help="Send what is ready right away. Without it, everything waits in the outbox for a click.",
    )
    dunning_new_customers = fields.Boolean(
        "Remind New Customers",
        default=True,
        help="Without it, reminders are switched on customer by customer: start with the largest ones.",
    )
    dunning_minimum = fields.Monetary(
        "Minimum to Remind", help="A customer who owes less in total gets no reminder."
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        "Responsible for Reminders",
        help="Gets the tasks of reminders; without it the customer's salesperson does.",
    )
    dunning_ladder_id = fields.Many2one(
        "dunning.ladder", "Reminder Ladder", help="Leave empty for the first one in the list."
    )
    dunning_last_run = fields.Datetime("Reminders Prepared", readonly=True)

    def _get_dunning_responsible(self, partner):
        """Who gets the tasks about a customer: an internal user, always one."""
        self.ensure_one()
        fallback = self.env.ref("base.user_admin", raise_if_not_found=False) or self.env.user
        current = (
            self.env.user if self.env.user._is_internal() and not self.env.user._is_superuser() else fallback
        )
        return self.dunning_user_id or partner.user_id or current


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_enabled = fields.Boolean(related="company_id.dunning_enabled", readonly=False)
    dunning_auto_send = fields.Boolean(related="company_id.dunning_auto_send", readonly=False)
    dunning_new_customers = fields.Boolean(related="company_id.dunning_new_customers", readonly=False)
    dunning_minimum = fields.Monetary(
        related="company_id.dunning_minimum", readonly=False, currency_field="currency_id"
    )
    dunning_user_id = fields.Many2one(related="company_id.dunning_user_id", readonly=False)
    dunning_ladder_id = fields.Many2one(related="company_id.dunning_ladder_id", readonly=False)
