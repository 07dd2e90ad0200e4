import logging

from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Override of crm: a deal that was won confirms its quotation, where the company wants it."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        won = self.filtered(
            lambda lead: (
                new_status_by_lead.get(lead.id, {}).get("is_won")
                and not old_status_by_lead.get(lead.id, {}).get("is_won")
            )
        )
        for lead in won:
            lead._confirm_only_quotation()
        return result

    def _confirm_only_quotation(self):
        """Confirm the one open quotation; several, or one that cannot be confirmed, are left to a person."""
        self.ensure_one()
        quotations = self.order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and order.company_id.confirm_won_quotation
        )
        if not quotations:
            return
        if len(quotations) > 1:
            self._tell_of_quotation(
                self.env._("Several quotations are open: confirm the one that was agreed on.")
            )
            return
        try:
            with self.env.cr.savepoint():
                quotations.action_confirm()
        except OperationalError:
            raise  # a lost race or connection is Odoo's to retry
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.warning("Quotation %s could not be confirmed", quotations.name, exc_info=True)
            text = str(error) if isinstance(error, UserError) else self.env._("see the server's log")
            self._tell_of_quotation(
                self.env._(
                    "Quotation %(name)s could not be confirmed: %(reason)s", name=quotations.name, reason=text
                )
            )

    def _tell_of_quotation(self, text):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The quotation of the won deal waits"),
            note=text,
            user_id=(self.user_id or self.env.user).id,
        )
