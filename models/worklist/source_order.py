from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import SEPARATOR, Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Orders that no rule may invoice alone."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        return {
            **super()._get_sources(),
            "order": Source(
                label=self.env._("Order to look at before it is invoiced"),
                icon="fa-shopping-cart",
                weight=Weight(Decimal("0.8"), horizon=7),
                query=SQL(
                    """
                    SELECT sale.id AS res_id, customer.commercial_partner_id AS partner_id, sale.user_id,
                           sale.amount_total / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS amount,
                           %(today)s - COALESCE(sale.date_order, sale.create_date)::date AS days,
                           1 AS number, CONCAT(sale.name, %(separator)s, sale.invoicing_review) AS detail
                      FROM sale_order sale
                      LEFT JOIN res_partner customer ON customer.id = sale.partner_invoice_id
                     WHERE sale.company_id = %(company)s AND sale.invoicing_state = 'review'
                       AND sale.state = 'sale'
                    """,
                    today=self.env.company._receivables_today(),
                    company=self.env.company.id,
                    separator=SEPARATOR,
                ),
                describe=lambda row: " · ".join(filter(None, row["detail"].split(SEPARATOR))),
                actions=(
                    Action(
                        "open",
                        self.env._("Open"),
                        lambda key: self._open(self.env._("Order"), "sale.order", res_id=key),
                    ),
                ),
                open_all=lambda: self._open_xmlid("action_orders_to_review"),
                groups=("sales_team.group_sale_salesman_all_leads",),
            ),
        }
