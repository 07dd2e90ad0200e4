"""Money and ended holds let deliveries go: a job of its own, never the transaction that books the money."""

import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
BATCH = 50


class ResCompany(models.Model):
    _inherit = "res.company"

    def _trigger_payment_release(self):
        """Have the job look at held deliveries now, where these companies have any; one query."""
        if not self:
            return
        self.env["stock.picking"].flush_model(["payment_hold", "company_id"])
        if self.env.execute_query(
            SQL(
                "SELECT 1 FROM stock_picking WHERE payment_hold AND company_id IN %s LIMIT 1", tuple(self.ids)
            )
        ):
            # sudo: whoever books, pays or changes a limit, the job works for the company.
            self.env.ref("invoice_to_cash.cron_release_deliveries").sudo()._trigger()


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _cron_release_deliveries(self):
        """Let go what need not wait any more, in batches, and tell the warehouse."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            pickings = company._for_job(self).with_context(allowed_company_ids=company.ids)
            pickings.env["payer.profile"]._end_holds_of_reminders(company)
            last = 0
            while batch := pickings.search(
                [("payment_hold", "=", True), ("company_id", "=", company.id), ("id", ">", last)],
                order="id",
                limit=BATCH,
            ):
                last = batch.ids[-1]
                # What the warehouse has in its hands right now comes next time.
                batch.try_lock_for_update()._release_if_free()
                if not cron._commit_progress(len(batch)):
                    return

    def _release_if_free(self):
        if not self:
            return
        self.invalidate_recordset()
        waiting = self._update_payment_hold()
        for picking in self - waiting:
            try:
                with self.env.cr.savepoint():
                    picking._release()
            except OperationalError:
                raise  # a lost race or connection is Odoo's to retry
            except Exception:
                # Released it is; that it could not be reserved is what the warehouse sees anyway.
                _logger.warning("Delivery %s was released and not reserved", picking.name, exc_info=True)

    def _release(self):
        """Reserve, and tell the warehouse."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return
        moves = self.move_ids.filtered(lambda move: move.state not in ("draft", "done", "cancel"))
        moves._action_assign()
        text = self.env._("Nothing holds this delivery any more: it may leave.")
        self.message_post(body=text)
        user = self.user_id or self.picking_type_id.release_user_id
        if user:
            self.activity_schedule("invoice_to_cash.activity_delivery_released", user_id=user.id)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Override of account: posted money may let deliveries go."""
        posted = super()._post(soft=soft)
        posted.company_id._trigger_payment_release()
        return posted


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Override of account: a posted bank entry that becomes an advance of an order is money for it."""
        result = super().write(vals)
        if "advance_order_id" in vals:
            posted = self.filtered(lambda line: line.parent_state == "posted")
            posted.company_id._trigger_payment_release()
            # sudo: only whether its job is to start is asked.
            posted.sudo().advance_order_id._trigger_invoicing()
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of account: money that was applied may let deliveries go."""
        partials = super().create(vals_list)
        partials.company_id._trigger_payment_release()
        return partials


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Override of base: a higher limit may let deliveries go."""
        result = super().write(vals)
        if {"credit_limit", "use_partner_credit_limit"} & vals.keys():
            self.env.companies._trigger_payment_release()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Override of sale: an order that is no longer prepaid need not wait."""
        result = super().write(vals)
        if "is_prepaid" in vals:
            self.company_id._trigger_payment_release()
        return result
