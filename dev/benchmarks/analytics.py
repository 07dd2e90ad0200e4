"""Aging and daily figures on a large ledger, as ratios to plain SQL sums of the same.

The ledger is loaded by SQL: 500,000 invoices paid and 50,000 open over three years.
``dev/bench analytics 10`` loads a tenth of it.
"""

import datetime
import time

from .common import Figure, clock, odoo_database, report

OPEN, PAID = 50_000, 500_000

LOAD = """
WITH made AS (
    INSERT INTO account_move (name, date, invoice_date, state, move_type, journal_id, company_id, currency_id,
                              auto_post, partner_id, commercial_partner_id, amount_residual_signed,
                              tracking_status, sent_at, first_viewed_at)
    SELECT %(prefix)s || n, day, day, 'posted', 'out_invoice', %(sale)s, %(company)s, %(currency)s, 'no',
           %(first_partner)s + n %% %(partner_number)s, %(first_partner)s + n %% %(partner_number)s,
           CASE WHEN %(paid)s THEN 0 ELSE 1000 END,
           CASE WHEN %(paid)s THEN 'paid' WHEN day < %(today)s::date - 30 THEN 'overdue' ELSE 'sent' END,
           CASE WHEN n %% 10 > 0 THEN day END, CASE WHEN n %% 3 > 0 THEN day END
      FROM (SELECT n, %(today)s::date - 1 - (n %% 1000) AS day FROM generate_series(1, %(number)s) n) numbered
    RETURNING id, date, partner_id
)
INSERT INTO account_move_line (move_id, journal_id, company_id, company_currency_id, currency_id, account_id,
                               partner_id, date, date_maturity, name, parent_state, display_type, balance,
                               debit, credit, amount_currency, amount_residual, amount_residual_currency,
                               reconciled)
SELECT id, %(sale)s, %(company)s, %(currency)s, %(currency)s, %(account)s, partner_id, date, date + 30,
       'bench', 'posted', 'payment_term', 1000, 1000, 0, 1000,
       CASE WHEN %(paid)s THEN 0 ELSE 1000 END, CASE WHEN %(paid)s THEN 0 ELSE 1000 END, %(paid)s
  FROM made
"""
PAY = """
WITH invoice AS (
    SELECT line.id, line.partner_id, line.date,
           LEAST(line.date + (line.id %% 90)::int, %(today)s::date) AS day
      FROM account_move_line line WHERE line.name = 'bench' AND line.reconciled
), entry AS (
    INSERT INTO account_move (name, ref, date, state, move_type, journal_id, company_id, currency_id,
                              auto_post)
    SELECT 'BENCHPAY/' || id, id::text, day, 'posted', 'entry', %(bank)s, %(company)s, %(currency)s, 'no'
      FROM invoice
    RETURNING id, ref, date
), credit AS (
    INSERT INTO account_move_line (move_id, journal_id, company_id, company_currency_id, currency_id,
                                   account_id, partner_id, date, date_maturity, name, ref, parent_state,
                                   display_type, balance, debit, credit, amount_currency,
                                   amount_residual, amount_residual_currency, reconciled)
    SELECT entry.id, %(bank)s, %(company)s, %(currency)s, %(currency)s, %(account)s, invoice.partner_id,
           entry.date, entry.date, 'benchpay', entry.ref, 'posted', 'product', -1000, 0, 1000,
           -1000, 0, 0, TRUE
      FROM entry JOIN invoice ON invoice.id = entry.ref::int
    RETURNING id, ref, date
)
INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, company_id, debit_currency_id,
                                       credit_currency_id, amount, debit_amount_currency,
                                       credit_amount_currency, max_date)
SELECT ref::int, id, %(company)s, %(currency)s, %(currency)s, 1000, 1000, 1000, date FROM credit
"""
SUM_TODAY = """
SELECT SUM(amount_residual) FROM account_move_line
 WHERE account_id = %(account)s AND company_id = %(company)s AND parent_state = 'posted'
   AND reconciled IS NOT TRUE
"""
AGED_TODAY = """
SELECT CASE WHEN date_maturity >= %(today)s THEN 'b0'
            WHEN date_maturity >= %(today)s::date - 30 THEN 'b1'
            WHEN date_maturity >= %(today)s::date - 60 THEN 'b2'
            WHEN date_maturity >= %(today)s::date - 90 THEN 'b3' ELSE 'b4' END AS bucket, SUM(amount_residual)
  FROM account_move_line
 WHERE account_id = %(account)s AND company_id = %(company)s AND parent_state = 'posted'
   AND reconciled IS NOT TRUE
 GROUP BY bucket ORDER BY bucket
"""
COUNT = "SELECT COUNT(*) FROM account_move_line"
SUM_THEN = """
SELECT SUM(line.balance - COALESCE(applied.amount, 0))
  FROM account_move_line line
  LEFT JOIN (SELECT id, SUM(amount) AS amount
               FROM (SELECT debit_move_id AS id, amount
                       FROM account_partial_reconcile WHERE max_date <= %(day)s
                     UNION ALL
                     SELECT credit_move_id, -amount
                       FROM account_partial_reconcile WHERE max_date <= %(day)s) parts
              GROUP BY id) applied ON applied.id = line.id
 WHERE line.account_id = %(account)s AND line.company_id = %(company)s AND line.parent_state = 'posted'
   AND line.date <= %(day)s
"""


def load(env, divide: int) -> dict:
    company = env.company
    country = env.ref("base.us")
    company.write({"country_id": country.id, "currency_id": env.ref("base.USD").id})
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    partners = env["res.partner"].create([{"name": f"Bench {number}"} for number in range(2000)])
    account = env["account.account"].search(
        [("account_type", "=", "asset_receivable"), ("company_ids", "in", company.ids)], limit=1
    )
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "account": account.id,
        "first_partner": min(partners.ids),
        "partner_number": len(partners),
        "today": company._receivables_today(),
    }
    for kind in ("sale", "bank"):
        values[kind] = (
            env["account.journal"].search([("type", "=", kind), ("company_id", "=", company.id)], limit=1).id
        )
    env.flush_all()
    env.cr.execute("SET session_replication_role = replica")  # the foreign keys hold; minutes less
    for number, paid in ((OPEN // divide, False), (PAID // divide, True)):
        env.cr.execute(LOAD, {**values, "number": number, "paid": paid, "prefix": f"{paid}/"})
    env.cr.execute(PAY, values)
    env.cr.execute("ANALYZE account_move_line, account_move, account_partial_reconcile")
    env.invalidate_all()
    return values


def _sequential_count(env) -> float:
    for name in ("indexscan", "indexonlyscan", "bitmapscan"):
        env.cr.execute(f"SET LOCAL enable_{name} = off")
    result = clock(lambda: (env.cr.execute(COUNT), env.cr.fetchone()), 5)
    for name in ("indexscan", "indexonlyscan", "bitmapscan"):
        env.cr.execute(f"SET LOCAL enable_{name} = on")
    return result


def _opening(env) -> tuple[int, float]:
    """(queries, seconds of the slowest) of opening the overview."""
    kpi, cursor = env["receivable.kpi"], type(env.cr)
    execute, found = cursor.execute, []

    def timed(self, *args, **kwargs):
        start = time.perf_counter()
        try:
            return execute(self, *args, **kwargs)
        finally:
            taken.append(time.perf_counter() - start)

    cursor.execute = timed
    try:
        for _run in range(5):
            taken = []
            env.flush_all()
            env.invalidate_all()
            kpi.get_dashboard()
            found.append(taken)
    finally:
        cursor.execute = execute
    # The best time of each query: what else the machine does is no part of it.
    return len(found[-1]), max(map(min, zip(*(taken[-len(found[-1]) :] for taken in found), strict=True)))


def main(arguments) -> int:
    divide = int(arguments[0]) if arguments else 1
    with odoo_database() as env:
        values = load(env, divide)
        today = values["today"]
        then = today - datetime.timedelta(days=200)
        aging = env["receivable.aging"]
        company = env.company

        def plain(query, **more):
            env.cr.execute(query, {**values, **more})
            return env.cr.fetchone()

        def aged(day):
            env.invalidate_all()
            return aging.with_context(receivable_as_of=str(day))._read_group([], ["bucket"], ["residual:sum"])

        assert sum(row[1] for row in aged(today)) == float(plain(SUM_TODAY)[0])
        assert sum(row[1] for row in aged(then)) == float(plain(SUM_THEN, day=then)[0])
        by_age_today = clock(lambda: plain(AGED_TODAY), 9)
        aging_today = clock(lambda: aged(today), 9)
        total_today = clock(lambda: plain(SUM_TODAY), 9)
        floor_then = clock(lambda: plain(SUM_THEN, day=then), 3)
        kpi = env["receivable.kpi"]
        backfill = clock(lambda: kpi.compute(company, today, today))
        one_day = clock(lambda: kpi.compute(company, today, today), 3)
        # Inserted under replica: the planner must not know less than after a night's vacuum.
        floor_count = _sequential_count(env)
        forecast = env["cash.forecast"]
        look_back = clock(lambda: forecast._look_back(company, today - datetime.timedelta(days=7)))
        nightly = clock(lambda: forecast.compute(company))
        changes = clock(lambda: env["receivable.dso.change"]._compute_changes(company))
        few, slowest = _opening(env)
        more = env["res.partner"].create({"name": "One more"})
        env.cr.execute(
            LOAD,
            {
                **values,
                "first_partner": more.id,
                "partner_number": 1,
                "number": 50,
                "paid": False,
                "prefix": "more/",
            },
        )
        many, _slowest = _opening(env)
        return report(
            f"analytics: {OPEN // divide} open and {PAID // divide} paid positions",
            [
                Figure("plain sum, today", total_today * 1000, "ms"),
                Figure("aging, today", aging_today / total_today, "x", 1.5),
                Figure("the same against the plain sum by age", aging_today / by_age_today, "x"),
                Figure("plain sum, 200 days ago", floor_then * 1000, "ms"),
                Figure("aging, 200 days ago", clock(lambda: aged(then), 3) / floor_then, "x", 3),
                Figure("figures of one day", one_day / (total_today + floor_then), "x", 2),
                Figure("sequential count of items", floor_count * 1000, "ms"),
                Figure("overview, slowest query", slowest / floor_count, "x", 1.5),
                Figure("overview, queries", few),
                Figure("overview, more queries with more invoices", many - few, "", 0),
                Figure("forecast of a night", nightly, "s"),
                Figure("forecast, one past week", look_back, "s"),
                Figure("change of the DSO, three spans", changes, "s"),
                Figure("backfill of 1,000 days", backfill, "s"),
            ],
        )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
