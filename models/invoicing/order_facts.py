"""What the rules and the completeness check want to know of orders, fetched for all of them at once."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...core import invoicing, requisites


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_invoicing_facts(self, with_first=True) -> dict:
        """{order: `core.invoicing.OrderFacts`}; the first orders of the customers cost one query."""
        first = self._get_first_orders() if with_first else {}
        facts = {}
        for order in self:
            customer = order.partner_invoice_id
            commercial = customer.commercial_partner_id
            earliest = first.get((order.partner_id.commercial_partner_id.id, order.company_id.id))
            facts[order] = invoicing.OrderFacts(
                customer_kind=commercial.customer_kind or "corporate",
                tag_ids=frozenset((customer.category_id | commercial.category_id).ids),
                team_id=order.team_id.id or 0,
                amount=order._get_company_amount(order.amount_total),
                contents=order._get_contents(),
                is_first=earliest is None or earliest == order._origin.id,
                term_id=order.payment_term_id.id or 0,
            )
        return facts

    def _get_first_orders(self) -> dict:
        """The first confirmed order of each customer: {(commercial partner, company): order}, as ids."""
        commercial = self.partner_id.commercial_partner_id.ids
        if not commercial:
            return {}
        self.flush_model(["state", "date_order", "partner_id", "company_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (partner.commercial_partner_id, sale.company_id)
                       partner.commercial_partner_id, sale.company_id, sale.id
                  FROM sale_order sale
                  JOIN res_partner partner ON partner.id = sale.partner_id
                 WHERE sale.state = 'sale'
                   AND sale.company_id IN %s
                   AND partner.commercial_partner_id IN %s
                 ORDER BY partner.commercial_partner_id, sale.company_id, sale.date_order, sale.id
                """,
                tuple(self.company_id.ids),
                tuple(commercial),
            )
        )
        return {(partner, company): order for partner, company, order in rows}

    def _get_company_amount(self, amount) -> Decimal:
        """An amount of the order in the company's currency, at the rate of the order's day."""
        self.ensure_one()
        company = self.company_id
        if self.currency_id and self.currency_id != company.currency_id:
            day = self.date_order or fields.Date.today()
            amount = self.currency_id._convert(amount, company.currency_id, company, day)
        return Decimal(str(company.currency_id.round(amount or 0.0)))

    def _get_contents(self) -> str:
        self.ensure_one()
        kinds = {
            "services" if line.product_id.type == "service" else "goods"
            for line in self.order_line
            if line.product_id and not line.display_type and not line.is_downpayment
        }
        if len(kinds) == 2:
            return "mixed"
        return kinds.pop() if kinds else "services"

    def _get_requisites(self) -> requisites.Requisites:
        self.ensure_one()
        # sudo: a salesperson need not read bank accounts; only their currencies are used.
        order = self.sudo()
        customer = order.partner_invoice_id
        commercial = customer.commercial_partner_id
        company = order.company_id
        banks = company.partner_id.bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == company
        )
        return requisites.Requisites(
            customer_kind=commercial.customer_kind or "corporate",
            country=company.country_id.code or "",
            customer_country=commercial.country_id.code or "",
            email=customer.email or commercial.email or "",
            tax_id=commercial.vat or "",
            has_address=any(card.street and card.city for card in customer | commercial),
            has_contract=bool(order.contract_reference),
            currency=order.currency_id.name or "",
            bank_currencies=frozenset(bank.currency_id.name or "" for bank in banks),
            seller_tax_id=company.vat or company.partner_id.vat or "",
        )
