"""The plan put into Odoo: company, masters, a year of posted invoices and reconciled bank lines.

Everything goes through the ORM, in bulk: invoices are created with all their journal items, posted in one
call, and paid by bank lines that hold their final counterpart (no suspense account, no loose payments).
"""

import logging
import random
import time as clock
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytz

from odoo import Command

from . import company_setup
from .customers import COSTS
from .identifiers import make_bin
from .plan import CENT, make_plan

_logger = logging.getLogger(__name__)
#: journal items are reconciled in batches of this many bank lines (memory grows with a batch)
BATCH = 250
UNITS = {
    "unit": "uom.product_uom_unit",
    "ton": "uom.product_uom_ton",
    "m2": "uom.product_uom_square_meter",
    "hour": "uom.product_uom_hour",
}
#: purpose code (КНП) of money for goods
KNP_GOODS = "710"


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


class Loader:
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
        self._load_masters()
        self._load_invoices()
        self._load_bank_lines()
        self._load_orders()
        self._mark_sent()
        self.env.flush_all()

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

    # -- invoices ----------------------------------------------------------
    def _load_invoices(self):
        env, plan = self.env, self.plan
        self.receivable = company_setup.receivable_account(self.company)
        self.income = self._account("6010")
        self.sale_journal = env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)], limit=1
        )
        self._tax_parts = {
            (rate, kind): self._tax_part(self.taxes[rate, "sale"], kind)
            for rate in {invoice.rate for invoice in plan.invoices}
            for kind in ("invoice", "refund")
        }
        names = self._names()
        moves = self.bulk.create(
            [{"name": names[invoice.key], **self._invoice_values(invoice)} for invoice in plan.invoices]
        )
        self.moves = dict(zip([invoice.key for invoice in plan.invoices], moves, strict=True))
        for invoice in plan.invoices:
            if invoice.credits:
                self.moves[invoice.key].reversed_entry_id = self.moves[invoice.credits]
        moves._post(soft=False)
        lines = moves.line_ids.filtered(lambda line: line.account_id == self.receivable)
        self.receivables = {
            move: lines.browse(ids) for move, ids in _group((line.move_id, line.id) for line in lines).items()
        }
        moves.line_ids._reconcile_plan(
            [
                self.receivables[self.moves[credit]] | self.receivables[self.moves[invoice]]
                for credit, invoice in plan.offsets
            ]
        )

    def _names(self):
        """{invoice key: number}, as the journal would give them one by one (a look-up each)."""
        names, counters = {}, {}
        for invoice in self.plan.invoices:
            kind = "out_refund" if invoice.credits else "out_invoice"
            key = kind, invoice.date.year
            if key not in counters:
                draft = self.env["account.move"].new(
                    {"move_type": kind, "journal_id": self.sale_journal.id, "date": invoice.date}
                )
                start = draft._get_starting_sequence()
                digits = len(start) - len(start.rstrip("0"))
                counters[key] = [start[:-digits], digits, 0]
            prefix, digits, last = counters[key]
            counters[key][2] = last + 1
            names[invoice.key] = f"{prefix}{last + 1:0{digits}d}"
        return names

    @staticmethod
    def _tax_part(tax, kind):
        """(tax, tags of the base, line of the tax amount, its account, its tags)."""
        lines = tax.invoice_repartition_line_ids if kind == "invoice" else tax.refund_repartition_line_ids
        base = lines.filtered(lambda line: line.repartition_type == "base")
        amount = lines.filtered(lambda line: line.repartition_type == "tax")
        return tax, base.tag_ids, amount, amount.account_id, amount.tag_ids

    def _invoice_values(self, invoice):
        """The whole entry: what Odoo's own computation of the lines would give (the tests compare)."""
        plan_customer = self.partners.planned[invoice.customer]
        partner = self.partners[invoice.customer]
        sign = 1 if invoice.credits else -1
        tax, base_tags, part, tax_account, tax_tags = self._tax_parts[
            invoice.rate, "refund" if invoice.credits else "invoice"
        ]
        common = {"partner_id": partner.id, "currency_id": self.currency.id}
        items = [
            {
                **common,
                "display_type": "product",
                "product_id": self.products[line.product].id,
                "name": self.products[line.product].name,
                "product_uom_id": self.products[line.product].uom_id.id,
                "quantity": float(line.quantity),
                "price_unit": float(line.price),
                "account_id": self.income.id,
                "tax_ids": [Command.set(tax.ids)],
                "tax_tag_ids": [Command.set(base_tags.ids)],
                **_amount(sign * line.net),
            }
            for line in invoice.lines
        ]
        items.append(
            {
                **common,
                "display_type": "tax",
                "name": tax.invoice_label or tax.name,
                "account_id": tax_account.id,
                "tax_repartition_line_id": part.id,
                "tax_tag_ids": [Command.set(tax_tags.ids)],
                "tax_base_amount": float(sign * (invoice.total - invoice.tax)),
                **_amount(sign * invoice.tax),
            }
        )
        items += [
            {
                **common,
                "display_type": "payment_term",
                "account_id": self.receivable.id,
                "date_maturity": due,
                **_amount(-sign * amount),
            }
            for due, amount in invoice.instalments
        ]
        return {
            "move_type": "out_refund" if invoice.credits else "out_invoice",
            "journal_id": self.sale_journal.id,
            "company_id": self.company.id,
            "partner_id": partner.id,
            "invoice_date": invoice.date,
            "date": invoice.date,
            "invoice_payment_term_id": False if invoice.credits else self.terms[invoice.terms].id,
            "invoice_date_due": invoice.instalments[-1][0],
            "currency_id": self.currency.id,
            "invoice_user_id": self.users[plan_customer.salesperson].id,
            "line_ids": [Command.create(values) for values in items],
        }

    # -- bank --------------------------------------------------------------
    def _load_bank_lines(self):
        """Each receipt as a bank line whose counterpart is the receivable, reconciled batch by batch."""
        plan, env = self.plan, self.bulk.env
        totals = {invoice.key: invoice for invoice in plan.invoices}
        rows, paid = [], []
        for receipt in plan.receipts:
            customer = self.partners.planned[receipt.customer]
            text = self._purpose(receipt, totals)
            counterparts = [(self.receivable, amount) for _key, amount in receipt.parts]
            counterparts = counterparts or [(self.receivable, receipt.amount)]
            values = self._bank_line(
                receipt, receipt.amount, text, counterparts, self.partners[receipt.customer]
            )
            values |= self._bank_facts(
                receipt, text, customer.name, customer.tax_id, customer.iban, KNP_GOODS
            )
            rows.append((receipt.date, values))
            paid.append((values, [self.moves[key] for key, _amount_paid in receipt.parts]))
        payees = self._payees()
        for cost in plan.costs:
            values = self._bank_line(
                cost, -cost.amount, cost.purpose, [(self._account(cost.account), -cost.amount)]
            )
            values |= self._bank_facts(
                cost, cost.purpose, cost.payee, payees.get(cost.payee, ""), "", cost.knp
            )
            values["partner_name"] = cost.payee
            rows.append((cost.date, values))
        rows.sort(key=lambda row: row[0])
        lines = env["account.bank.statement.line"].create([dict(values) for _day, values in rows])
        by_values = {id(values): line for (_day, values), line in zip(rows, lines, strict=True)}
        credits_of = _group(
            (item.move_id, item.id)
            for item in lines.move_id.line_ids.sorted("id")
            if item.account_id == self.receivable
        )
        pairs = []
        for values, moves in paid:
            items = env["account.move.line"].browse(credits_of[by_values[id(values)].move_id])
            pairs += [item | self.receivables[move] for item, move in zip(items, moves, strict=False)]
        for start in range(0, len(pairs), BATCH):
            batch = [pair.filtered(lambda item: not item.reconciled) for pair in pairs[start : start + BATCH]]
            env["account.move.line"]._reconcile_plan(batch)

    def _bank_line(self, row, amount, text, counterparts, partner=None):
        journal = self.journals[row.journal]
        partner_id = partner.id if partner else False
        items = [(journal.default_account_id, amount)]
        items += [(account, -part) for account, part in counterparts]
        return {
            "journal_id": journal.id,
            "date": row.date,
            "amount": float(amount),
            "payment_ref": text,
            "partner_id": partner_id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner_id,
                        "currency_id": self.currency.id,
                        "name": text,
                        **_amount(part),
                    }
                )
                for account, part in items
            ],
        }

    def _bank_facts(self, row, text, name, tax_id, account, knp):
        """The bank's own data, in the columns that the import fills."""
        facts = {
            "bank_booking_date": row.date,
            "bank_value_date": row.date,
            "payer_tax_id": tax_id,
            "payer_account": account,
            "payer_name": name,
            "payment_purpose": text,
            "purpose_code": knp,
            "bank_document_number": row.number,
        }
        fields = self.env["account.bank.statement.line"]._fields
        return {key: value for key, value in facts.items() if key in fields}

    def _purpose(self, receipt, totals):
        moves = [self.moves[key] for key, _amount_paid in receipt.parts]
        if not moves:
            return receipt.purpose
        first = totals[receipt.parts[0][0]]
        vat = (receipt.amount * first.rate / (100 + first.rate)).quantize(CENT)
        return receipt.purpose.format(
            number=moves[0].name,
            numbers=", ".join(move.name for move in moves),
            code=moves[0].payment_code or moves[0].name,
            date=first.date.strftime("%d.%m.%Y"),
            rate=first.rate,
            vat=f"{vat:.2f}".replace(".", "-"),
        )

    def _payees(self):
        rng = random.Random(7)
        return {payee: make_bin(rng) for payee in sorted({row[1] for row in COSTS}) if "«" in payee}

    # -- orders and letters --------------------------------------------------
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

    def _mark_sent(self):
        """Every invoice of more than two days ago left by mail in the afternoon of its day."""
        if not hasattr(self.env["account.move"], "_mark_sent"):
            return
        by_day = _group(
            (invoice.date, self.moves[invoice.key].id)
            for invoice in self.plan.invoices
            if invoice.date < self.plan.today - timedelta(days=2) and not invoice.credits
        )
        zone = pytz.timezone(self.company.receivables_tz or "UTC")
        for day, ids in by_day.items():
            moment = (
                zone.localize(datetime.combine(day, time(16, 20))).astimezone(pytz.utc).replace(tzinfo=None)
            )
            self.env["account.move"].browse(ids)._mark_sent(moment=moment, channel="mail")
            self._mark_viewed(ids, moment + timedelta(hours=17))

    def _mark_viewed(self, ids, moment):
        """Two of three unpaid invoices were opened the next morning; the others nobody has looked at."""
        moves = self.env["account.move"].browse([move_id for move_id in ids if move_id % 3])
        moves = moves.filtered(lambda move: move.payment_state == "not_paid")
        moves._log_tracking_event("viewed", channel="link", moment=moment)
        moves.write({"first_viewed_at": moment})


def _amount(amount: Decimal):
    """Journal item values of a signed company-currency amount."""
    return {"balance": float(amount), "amount_currency": float(amount)}


def _group(pairs):
    """[(key, value), …] -> {key: [value, …]} in the order given."""
    result = {}
    for key, value in pairs:
        result.setdefault(key, []).append(value)
    return result
