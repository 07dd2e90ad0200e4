"""Confirming orders in one batch: with a rule that posts, against Odoo alone doing the same by hand.

The floor is `action_confirm`, `_create_invoices` (one for each) and `action_post` in the same
database with the rules archived. Ours makes the same invoices from `action_confirm` alone.
"""

import random
import sys

from .common import Figure, clock, odoo_database, report, seconds

ORDERS = 500
CUSTOMERS = 100


def main(arguments) -> int:
    number = int(arguments[0]) if arguments else ORDERS
    with odoo_database() as env:
        env = env(context={**env.context, "tracking_disable": True})
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        bench = Bench(env, company, number)
        bench.make_facts()
        bench.orders().action_confirm()  # warms registry, caches and plans of the database
        bench.rules.active = False
        floor_orders, our_orders = bench.orders(), bench.orders()
        again_floor, again_ours = bench.orders(), bench.orders()

        def by_hand(orders):
            orders.action_confirm()
            orders._create_invoices(grouped=True, final=True).action_post()
            env.flush_all()

        def by_rule(orders):
            orders.action_confirm()
            env.flush_all()

        floor_cpu = seconds(lambda: by_hand(floor_orders))
        queries = env.cr.sql_log_count
        floor_clock = clock(lambda: by_hand(again_floor))
        floor_queries = env.cr.sql_log_count - queries
        bench.rules.active = True
        our_cpu = seconds(lambda: by_rule(our_orders))
        queries = env.cr.sql_log_count
        our_clock = clock(lambda: by_rule(again_ours))
        our_queries = env.cr.sql_log_count - queries
        for orders in (our_orders, again_ours):
            assert len(orders.invoice_ids) == number, "not every order has its invoice"
            assert set(orders.invoice_ids.mapped("state")) == {"posted"}, "an invoice is not posted"
        return report(
            f"confirm, invoice and post {number} orders in one batch",
            [
                Figure("Odoo alone", floor_cpu, "s CPU"),
                Figure("by rule", our_cpu, "s CPU"),
                Figure("by rule / Odoo alone, CPU", our_cpu / floor_cpu, "x", bound=1.25),
                Figure("by rule / Odoo alone, clock", our_clock / floor_clock, "x", bound=1.25),
                Figure("queries, Odoo alone", floor_queries),
                Figure("queries, by rule", our_queries),
            ],
        )


class Bench:
    def __init__(self, env, company, number):
        self.env, self.company, self.number = env, company, number
        self.random = random.Random(7)

    def make_facts(self):
        env = self.env
        env["res.partner.bank"].create({"acc_number": "BENCH-1", "partner_id": self.company.partner_id.id})
        self.customers = env["res.partner"].create(
            [
                {
                    "name": f"Customer {index}",
                    "is_company": True,
                    "email": f"c{index}@customer.example",
                    "vat": "000140002217",
                    "street": "Abay 1",
                    "city": "Almaty",
                }
                for index in range(CUSTOMERS)
            ]
        )
        self.products = env["product.product"].create(
            [
                {"name": name, "type": kind, "invoice_policy": "order", "list_price": 100.0}
                for name, kind in (("Work", "service"), ("Advice", "service"), ("Brick", "consu"))
            ]
        )
        self.rules = env["invoicing.rule"].create(
            [
                {"name": "Government", "customer_kind": "government", "depth": "draft"},
                {"name": "First", "first_order": "first", "amount_from": 10**7, "depth": "review"},
                {"name": "All", "amount_to": 10**9, "depth": "post", "sequence": 20},
            ]
        )

    def orders(self):
        from odoo.fields import Command  # only there once the environment is

        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.random.choice(self.customers).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 2,
                                "price_unit": 10.0 * (index % 17 + 1),
                            }
                        )
                        for product in self.products
                    ],
                }
                for index in range(self.number)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["sale.order"].browse(orders.ids)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
