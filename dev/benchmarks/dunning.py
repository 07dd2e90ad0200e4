"""Reminders for 10,000 overdue positions of 2,000 customers: decisions per second, queries per batch, and
what preparing and queuing costs over the pure rendering of the same letters.

The ledger is loaded by SQL. PDFs are not made. ``dev/bench dunning 10`` takes a tenth.
"""

import datetime
from decimal import Decimal

from .common import Figure, odoo_database, report, seconds

CUSTOMERS, POSITIONS = 2_000, 10_000
#: A Wednesday without holidays; everything is overdue on it.
TODAY = datetime.date(2026, 6, 10)

LOAD = """
WITH made AS (
    INSERT INTO account_move (name, date, invoice_date, invoice_date_due, state, move_type, journal_id,
                              company_id, currency_id, auto_post, partner_id, commercial_partner_id,
                              amount_total, amount_residual, payment_state)
    SELECT 'DB/' || n, day, day, day + 14, 'posted', 'out_invoice', %(sale)s, %(company)s, %(currency)s, 'no',
           %(first_partner)s + n %% %(partner_number)s, %(first_partner)s + n %% %(partner_number)s,
           1000, 1000, 'not_paid'
      FROM (SELECT n, %(today)s::date - 18 - (n %% 20) AS day FROM generate_series(1, %(number)s) n) numbered
    RETURNING id, date, partner_id
)
INSERT INTO account_move_line (move_id, journal_id, company_id, company_currency_id, currency_id, account_id,
                               partner_id, date, date_maturity, name, parent_state, display_type, balance,
                               debit, credit, amount_currency, amount_residual, amount_residual_currency,
                               reconciled)
SELECT id, %(sale)s, %(company)s, %(currency)s, %(currency)s, %(account)s, partner_id, date, date + 14,
       'bench', 'posted', 'payment_term', 1000, 1000, 0, 1000, 1000, 1000, FALSE
  FROM made
"""


def decisions(number: int) -> list[Figure]:
    """The rule alone: accounts of 5 positions, and how its time grows with both numbers."""
    from odoo.addons.invoice_to_cash.core.dunning import Account, Ladder, Position, Sent, Step, decide

    ladder = Ladder(
        (Step(-3, 1), Step(0, 2), Step(3, 3), Step(7, 4, patience=3), Step(14, 5, patience=7), Step(21, 6))
    )

    def accounts(count, positions):
        return [
            Account(
                partner,
                "KZT",
                tuple(
                    Position(
                        (partner * positions + place, 1),
                        TODAY - datetime.timedelta((partner + 3 * place) % 40 - 5),
                        Decimal(1000),
                        "KZT",
                        (Sent(3, 1, TODAY - datetime.timedelta(9)),) if place % 2 else (),
                        issue_date=TODAY - datetime.timedelta(30),
                    )
                    for place in range(positions)
                ),
            )
            for partner in range(count)
        ]

    def cost(found):
        return seconds(lambda: [decide(account, ladder, TODAY) for account in found], 5)

    base = cost(accounts(number, 5))
    return [
        Figure("decisions on accounts of 5 positions", number / base, "/s", 5000, at_least=True),
        Figure("4 times the accounts", cost(accounts(4 * number, 5)) / base / 4, "x each", 1.3),
        Figure("8 times the positions", cost(accounts(number, 40)) / base / 8, "x each", 1.3),
    ]


def load(env, customers: int, positions: int):
    company = env.company
    company.write({"country_id": env.ref("base.us").id, "currency_id": env.ref("base.USD").id})
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    company.write({"email": "office@seller.example", "dunning_new_customers": True, "dunning_minimum": 0})
    company.dunning_pdf_limit = 0
    partners = env["res.partner"].create(
        [
            {"name": f"Bench {number}", "email": f"c{number}@buyer.example", "is_company": True}
            for number in range(customers)
        ]
    )
    env["payer.profile"]._get_or_create(company, partners)
    account = env["account.account"].search(
        [("account_type", "=", "asset_receivable"), ("company_ids", "in", company.ids)], limit=1
    )
    journal = env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
    env.flush_all()
    env.cr.execute("SET session_replication_role = replica")  # the foreign keys hold; minutes less
    env.cr.execute(
        LOAD,
        {
            "sale": journal.id,
            "company": company.id,
            "currency": company.currency_id.id,
            "account": account.id,
            "first_partner": min(partners.ids),
            "partner_number": len(partners),
            "number": positions,
            "today": TODAY,
        },
    )
    env.cr.execute("ANALYZE account_move_line, account_move, res_partner")
    env.invalidate_all()
    return company, partners


def letters(divide: int) -> list[Figure]:
    """Prepare and queue all of it, against the rendering of the same letters."""
    customers, positions = CUSTOMERS // divide, POSITIONS // divide
    with odoo_database() as env:
        company, partners = load(env, customers, positions)
        reminders = env["dunning.reminder"]

        def queries(some):
            env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            with env.cr.savepoint(flush=True) as savepoint:
                reminders._refresh(company, TODAY, some)
                env.flush_all()
                count = env.cr.sql_log_count - before
                savepoint.rollback()
            env.invalidate_all()
            return count

        queries(partners[:10])
        few, many = queries(partners[: customers // 8]), queries(partners[: customers // 2])
        made = reminders.browse()

        def prepare():
            nonlocal made
            made = reminders.generate(company, TODAY)
            env.flush_all()

        generate = seconds(prepare)
        ready = made.filtered(lambda reminder: reminder.state == "draft")
        env.invalidate_all()

        from odoo.addons.invoice_to_cash.models.dunning.dunning_jobs import BATCH

        ready[:BATCH].sudo()._render_letters()
        env.invalidate_all()
        # In turns: both are slowed down alike by what else runs on the machine.
        floor = queue = sent = 0
        for first in range(0, len(ready), BATCH):
            batch = ready[first : first + BATCH]

            def render(letters=batch):
                letters.sudo()._render_letters()
                env.invalidate_all()

            def send(letters=batch):
                nonlocal sent
                sent += len(letters.send(TODAY))
                env.flush_all()
                env.invalidate_all()

            floor += seconds(render)
            queue += seconds(send)
        return [
            Figure("letters", sent, "", customers, at_least=True),
            Figure("pure rendering", floor, "s"),
            Figure("generate", generate, "s"),
            Figure("queue", queue, "s"),
            Figure("generate and queue to rendering", (generate + queue) / floor, "x", 1.5),
            Figure(f"queries for {customers // 8} customers", few),
            Figure(f"queries for {customers // 2} customers, to that", many / few, "x", 1.1),
        ]


def main(arguments) -> int:
    divide = int(arguments[0]) if arguments else 1
    # The rule alone is measured in the add-on's own environment.
    figures = letters(divide)
    return report(
        f"dunning: {POSITIONS // divide} positions of {CUSTOMERS // divide} customers",
        decisions(max(CUSTOMERS // divide, 500)) + figures,
    )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
