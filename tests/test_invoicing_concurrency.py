import contextlib
import uuid

from psycopg2 import errors

import odoo.api
import odoo.fields
from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestInvoicingConcurrency(BaseCase):
    """Two people, or a person and the job, at one order: with two real connections to the database."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.committed() as env:
            company = env.ref("base.main_company")
            self.assertFalse(env["invoicing.rule"].search([]), "the database has rules of its own")
            rule = env["invoicing.rule"].create({"name": "Race", "depth": "draft", "company_id": company.id})
            partner = env["res.partner"].create(
                {"name": "Race Ltd", "email": "race@race.example", "customer_kind": "retail"}
            )
            product = env["product.product"].create(
                {"name": "Race", "type": "service", "invoice_policy": "order", "taxes_id": False}
            )
            bank = env["res.partner.bank"].create(
                {"acc_number": uuid.uuid4().hex, "partner_id": company.partner_id.id}
            )
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        odoo.fields.Command.create({"product_id": product.id, "price_unit": 100.0})
                    ],
                }
            )
            self.made = [order, bank, rule, partner, product.product_tmpl_id]
            self.order_id = order.id
        self.addCleanup(self.clean_up)

    def clean_up(self):
        with self.committed() as env:
            order, *others = (record.with_env(env) for record in self.made)
            order.invoice_ids.unlink()
            if order.state == "sale":
                order._action_cancel()
            order.unlink()
            for record in others:
                record.unlink()

    @contextlib.contextmanager
    def connection(self):
        """An environment of its own, as another server process has it; rolled back at the end."""
        with contextlib.closing(self.registry.cursor()) as cr:
            yield odoo.api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    @contextlib.contextmanager
    def committed(self):
        with self.connection() as env:
            yield env
            env.flush_all()
            env.cr.commit()

    def count(self):
        with self.connection() as env:
            return len(env["sale.order"].browse(self.order_id).invoice_ids)

    def test_two_confirmations_at_once_make_one_invoice(self):
        with self.connection() as first, self.connection() as second:
            theirs = second["sale.order"].browse(self.order_id)
            self.assertEqual(theirs.state, "draft")  # their view of the data begins here
            first["sale.order"].browse(self.order_id).action_confirm()
            first.flush_all()
            first.cr.commit()
            with self.assertRaises(errors.SerializationFailure), mute_logger("odoo.sql_db"):
                theirs.action_confirm()
                second.flush_all()
            # Odoo repeats such a request from the start.
            second.cr.rollback()
            second.invalidate_all(flush=False)
            with self.assertRaises(UserError):
                theirs.action_confirm()
        self.assertEqual(self.count(), 1)

    def test_while_one_makes_the_invoice_another_is_told_to_wait(self):
        with self.committed() as env:
            env["sale.order"].browse(self.order_id).write({"state": "sale"})
        with self.connection() as first, self.connection() as second:
            second["sale.order"].browse(self.order_id).state  # noqa: B018 (their view begins)
            first["sale.order"].browse(self.order_id).action_apply_invoicing_rule()
            first.flush_all()
            with self.assertRaises(UserError):
                second["sale.order"].browse(self.order_id).action_apply_invoicing_rule()
            second.cr.rollback()
            second.invalidate_all(flush=False)
            # The job passes over what somebody holds.
            second["sale.order"].browse(self.order_id).try_lock_for_update()._apply_invoicing_rules()
            second.flush_all()
            first.cr.commit()
            second.cr.rollback()
        with self.committed() as env:
            env["sale.order"].browse(self.order_id)._apply_invoicing_rules()
        self.assertEqual(self.count(), 1)
