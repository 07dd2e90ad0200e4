from odoo import models
from odoo.tools import format_date


class ReceivableCheckup(models.AbstractModel):
    """The points of money."""

    _inherit = "receivable.checkup"

    def _check_bank(self, facts):
        _ = self.env._
        # sudo: whether feeds work; collectors need not see their settings.
        feeds = self.env["bank.feed"].sudo().search([("company_id", "=", self.env.company.id)])
        broken = feeds.filtered("error")
        missing = feeds.journal_ids._get_missing_since()
        return (
            [
                None if feeds else _("There is no bank feed."),
                broken and _("No connection: %s", ", ".join(broken.mapped("name"))),
                missing
                and _("A statement is missing since %s.", format_date(self.env, min(missing.values()))),
                self._say_job("cron_bank_feed"),
            ],
            facts["files"],
            _("Files that came by themselves in 10 days: %s", facts["files"]),
        )

    def _open_bank(self):
        return self._act("action_bank_feed")

    def _check_matching(self, facts):
        _ = self.env._
        share = round(100 * facts["automatic"] / facts["applied"]) if facts["applied"] else 0
        return (
            [
                _("Nothing is applied without a person, say the settings.")
                if self.env.company.match_automation == "off"
                else None,
                self._say_job("cron_match_payments"),
            ],
            facts["automatic"],
            _(
                "Applied without a touch in 30 days: %(count)s (%(share)s %%)",
                count=facts["automatic"],
                share=share,
            ),
        )

    def _open_matching(self):
        if self.env.company.match_automation == "off":
            return self._open_settings("action_payment_match")
        return self._act("action_payment_match")
