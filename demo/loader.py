"""The plan put into Odoo: company, masters, a year of posted invoices and reconciled bank lines.

Everything goes through the ORM, in bulk: invoices are created with all their journal items, posted in one
call, and paid by bank lines that hold their final counterpart (no suspense account, no loose payments).
"""

import logging
import time as clock
from datetime import datetime, time, timedelta

import pytz

from odoo import Command

from . import company_setup
from .loader_agreements import AgreementLoader
from .loader_bank import BankLoader
from .loader_invoices import InvoiceLoader
from .loader_reminders import ReminderLoader
from .plan import make_plan

_logger = logging.getLogger(__name__)
UNITS = {
    "unit": "uom.product_uom_unit",
    "ton": "uom.product_uom_ton",
    "m2": "uom.product_uom_square_meter",
    "hour": "uom.product_uom_hour",
}


def load(env, company=None, today=None):
    """Fill a company with the demo ledger as of `today` and return it.

    :param env: an environment of an administrator
    :param company: a `res.company` without journal entries; a new company when None (or the one that an
        earlier call made)
    :param today: the day that counts as today; the company's own today when None
    :return: the company. A company that holds the demo data already is returned as it is.
    :raises UserError: when `l10n_kz` is not installed, or the company has other entries, chart or currency
    """
    su = env(su=True, context=dict(env.context, **company_setup.QUIET))
    plan = make_plan(today or (company and company._receivables_today()) or _almaty_today())
    company = company_setup.get_company(su, plan.company, company)
    if company_setup.is_loaded(company, plan):
        return company.with_env(env)
    started = clock.monotonic()
    Loader(company_setup.prepare(company, plan), plan).run()
    env.invalidate_all()
    seconds = clock.monotonic() - started
    _logger.info("demo company %s: %s invoices in %.1f s", company.name, len(plan.invoices), seconds)
    return company.with_env(env)


def _almaty_today():
    return datetime.now(pytz.timezone("Asia/Almaty")).date()


class Loader(InvoiceLoader, BankLoader, ReminderLoader, AgreementLoader):
    """Writes one plan into one prepared company."""

    def __init__(self, company, plan):
        self.company, self.plan = company, plan
        self.env = company.env
        self.currency = company.currency_id
        self.journals = company_setup.bank_journals(company, plan.company)

    @property
    def bulk(self):
        """`account.move` for entries that are complete as given: Odoo need not derive items from items."""
        return self.env["account.move"].with_context(skip_invoice_sync=True, skip_analytic_sync=True)

    def run(self):
        # Rows of this very transaction: the planner believes the tables to be nearly empty and
        # would join them row by row, for minutes. Hash joins are right for either size.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self._load_masters()
        self._load_invoices()
        self._load_bank_lines()
        self._load_orders()
        self._load_events()
        self._load_reminders()
        self._load_agreements()
        # Who left the letters unanswered is known now.
        self._compute_segments()
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    def _account(self, code):
        return self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("code", "=like", f"{code}%")], limit=1
        )

    # -- masters -----------------------------------------------------------
    def _load_masters(self):
        env, plan = self.env, self.plan
        self.taxes = company_setup.vat_taxes(self.company)
        self.terms = company_setup.payment_terms(self.company)
        self.users = company_setup.users(self.company)
        self.partners = company_setup.partners(self.company, plan, self.terms, self.users)
        sale, purchase = self.taxes[16, "sale"], self.taxes[16, "purchase"]
        products = env["product.product"].create(
            [
                {
                    "name": product.name,
                    "default_code": product.code,
                    "type": "service" if product.service else "consu",
                    "list_price": float(product.price),
                    "standard_price": float(product.price * 3 / 4),
                    "uom_id": env.ref(UNITS[product.unit]).id,
                    "invoice_policy": "order",
                    "company_id": self.company.id,
                    "taxes_id": [Command.set(sale.ids)],
                    "supplier_taxes_id": [Command.set(purchase.ids)],
                }
                for product in plan.products
            ]
        )
        self.products = dict(zip([product.code for product in plan.products], products, strict=True))

    # -- orders and the log --------------------------------------------------
    def _load_orders(self):
        """Quotations that somebody only has to confirm."""
        self.env["sale.order"].create(
            [
                {
                    "partner_id": self.partners[order.customer].id,
                    "company_id": self.company.id,
                    "user_id": self.users[self.partners.planned[order.customer].salesperson].id,
                    "payment_term_id": self.terms[self.partners.planned[order.customer].terms].id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.products[line.product].id,
                                "product_uom_qty": float(line.quantity),
                                "price_unit": float(line.price),
                            }
                        )
                        for line in order.lines
                    ],
                }
                for order in self.plan.orders
            ]
        )

    def _moment(self, day, hour):
        """A moment of a day on the company's wall clock, as Odoo stores it."""
        zone = pytz.timezone(self.company.receivables_tz or "UTC")
        return zone.localize(datetime.combine(day, time(hour, 20))).astimezone(pytz.utc).replace(tzinfo=None)

    def _letters(self, invoice):
        """When the invoice was sent and first opened, as far as it was.

        It left in the afternoon of its day; those of the last two days still wait. Two of three were opened
        the next morning, the others nobody has looked at.
        """
        sent = invoice.date < self.plan.today - timedelta(days=2) and not invoice.credits
        viewed = sent and int(invoice.key[1:]) % 3
        return {
            "sent_at": sent and self._moment(invoice.date, 16),
            "delivery_state": sent and "sent",
            "first_viewed_at": viewed and self._moment(invoice.date + timedelta(days=1), 9),
        }

    def _load_events(self):
        """The log of what happened, at the moments at which it would have."""
        events, plan = [], self.plan
        for invoice in plan.invoices:
            move, letters = self.moves[invoice.key], self._letters(invoice)
            if letters["sent_at"]:
                events.append((move, "sent", "mail", letters["sent_at"]))
            if letters["first_viewed_at"]:
                events.append((move, "viewed", "link", letters["first_viewed_at"]))
        paid, last = plan.paid(), {}
        for receipt in plan.receipts:
            last.update(dict.fromkeys((key for key, _amount_paid in receipt.parts), receipt.date))
        for invoice in plan.invoices:
            if invoice.key in last:
                kind = "paid" if paid[invoice.key] == invoice.total else "partial"
                events.append((self.moves[invoice.key], kind, "bank", self._moment(last[invoice.key], 11)))
        self.env["invoice.tracking.event"].create(
            [
                {"move_id": move.id, "kind": kind, "channel": channel, "moment": moment}
                for move, kind, channel, moment in sorted(events, key=lambda event: event[3])
            ]
        )
