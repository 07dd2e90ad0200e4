"""Who must not be written to, by definition: plain SQL on the records of people, none of our rules.

Read before the workers of a day begin; nobody books or promises while they run.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

POSITIONS = """
    WITH item AS (
        SELECT line.id, line.move_id, move.move_type, line.currency_id,
               partner.commercial_partner_id AS customer,
               COALESCE(line.date_maturity, line.date) AS due, line.amount_currency,
               ROW_NUMBER() OVER (PARTITION BY line.move_id
                                  ORDER BY COALESCE(line.date_maturity, line.date), line.id) AS number
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.company_id = %(company)s AND move.state = 'posted' AND line.account_id = %(account)s
    ), paid AS (
        SELECT id, SUM(amount) AS amount FROM (
            SELECT debit_move_id AS id, debit_amount_currency AS amount FROM account_partial_reconcile
             UNION ALL
            SELECT credit_move_id, -credit_amount_currency FROM account_partial_reconcile
        ) settled GROUP BY id
    )
    SELECT item.move_id, item.number, item.move_type, item.customer, item.currency_id, item.due,
           item.amount_currency - COALESCE(paid.amount, 0), item.id
      FROM item LEFT JOIN paid ON paid.id = item.id
     WHERE item.amount_currency != COALESCE(paid.amount, 0)
"""
PLANS = """
    SELECT plan.id, rel.account_move_id, line.date, line.amount
      FROM payment_plan plan
      JOIN payment_plan_move_rel rel ON rel.payment_plan_id = plan.id
      JOIN payment_plan_line line ON line.plan_id = plan.id
     WHERE plan.company_id = %(company)s AND plan.state IN ('active', 'broken', 'done')
       AND plan.forgiven_until IS NULL
"""
#: Plans of which an instalment was not there in full, by value date, when its days of grace had passed:
#: paid later they stay broken until a person forgives it.
MISSED_PLANS = """
    SELECT DISTINCT plan.id
      FROM payment_plan plan
      JOIN (SELECT plan_id, date, SUM(amount) OVER (PARTITION BY plan_id ORDER BY date, id) AS due
              FROM payment_plan_line) line ON line.plan_id = plan.id
     WHERE plan.company_id = %(company)s AND line.date + %(grace)s < %(today)s
       AND line.due > 0.005 - plan.baseline + COALESCE((
           SELECT SUM(partial.debit_amount_currency)
             FROM payment_plan_move_rel rel
             JOIN account_move_line item ON item.move_id = rel.account_move_id
             JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
             JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
             JOIN account_move other ON other.id = counterpart.move_id
             LEFT JOIN account_bank_statement_line bank ON bank.id = other.statement_line_id
            WHERE rel.payment_plan_id = plan.id
              AND COALESCE(bank.bank_value_date, other.date) <= line.date + %(grace)s), 0)
"""


@dataclass(slots=True)
class Position:
    line: int
    move: int
    number: int
    customer: int
    currency: int
    due: datetime.date
    residual: Decimal


@dataclass(slots=True)
class Facts:
    today: datetime.date
    positions: dict[tuple[int, int], Position] = field(default_factory=dict)
    credit: dict[tuple[int, int], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    #: {customer, or (customer, currency): why nobody writes to them}
    customers: dict = field(default_factory=dict)
    #: {invoice: why nobody writes about it}
    moves: dict = field(default_factory=dict)
    #: {invoice: what of it is disputed}
    disputed: dict[int, Decimal] = field(default_factory=dict)
    #: {customer: ladder id} as chosen before the jobs
    ladders: dict[int, int] = field(default_factory=dict)

    def why_silent(self, customer, currency, move, number):
        """The reason not to write about a position; None when there is none."""
        return (
            self.customers.get(customer)
            or self.customers.get((customer, currency))
            or self.moves.get(move)
            or (None if (move, number) in self.positions else "paid")
        )


def select(env, query, arguments) -> list[tuple]:
    """Rows with sums as Decimal; Odoo's cursors give floats."""
    env.cr.execute(query, arguments)
    return [
        tuple(Decimal(str(value)) if isinstance(value, float) else value for value in row)
        for row in env.cr.fetchall()
    ]


def read(env, world, today) -> Facts:
    facts = Facts(today)
    env.flush_all()
    company = env.company
    arguments = {
        "company": company.id,
        "account": world.receivable,
        "today": today,
        "grace": company.promise_grace_days,
        "wrote": today - datetime.timedelta(company.dunning_wrote_days - 1),
        "zone": company.receivables_tz,
    }

    def rows(query):
        return select(env, query, arguments)

    debts = defaultdict(Decimal)
    overdue = set()
    of_move = defaultdict(Decimal)
    for move, number, kind, customer, currency, due, residual, line in rows(POSITIONS):
        if residual < 0:
            facts.credit[customer, currency] -= residual
            continue
        debts[customer, currency] += residual
        of_move[move] += residual
        if due < today:
            overdue.add(customer)
        if kind == "out_invoice":
            facts.positions[move, number] = Position(line, move, number, customer, currency, due, residual)
    for account, credit in facts.credit.items():
        if credit >= debts[account]:
            facts.customers[account] = "creditor"

    _customers(facts, rows, overdue)
    for move, amount in rows(
        """SELECT move_id, SUM(amount) FROM invoice_dispute WHERE state = 'open' GROUP BY move_id"""
    ):
        facts.disputed[move] = amount
        if amount >= of_move[move]:
            facts.moves[move] = "disputed"
    for (move,) in rows(
        """SELECT move_id FROM dunning_pause
            WHERE move_id IS NOT NULL AND ended_on IS NULL AND date_until >= %(today)s
              AND (date_from IS NULL OR date_from <= %(today)s)"""
    ):
        facts.moves[move] = "paused"
    for (move,) in rows(
        """SELECT rel.account_move_id FROM payment_promise promise
             JOIN payment_promise_move_rel rel ON rel.payment_promise_id = promise.id
            WHERE promise.state = 'open' AND promise.date + %(grace)s >= %(today)s"""
    ):
        facts.moves[move] = "promised"
    missed = {plan for (plan,) in rows(MISSED_PLANS)}
    kept = [row for row in rows(PLANS) if row[0] not in missed]
    _plans(facts, kept, of_move, today - datetime.timedelta(company.promise_grace_days))
    return facts


def _customers(facts, rows, overdue):
    def silent(reason, found):
        facts.customers.update(dict.fromkeys((customer for (customer,) in found), reason))

    silent(
        "wrote",
        rows(
            """SELECT author.commercial_partner_id FROM mail_message message
                 JOIN res_partner author ON author.id = message.author_id
                WHERE author.partner_share AND message.message_type IN ('email', 'comment')
                  AND message.model != 'dunning.reminder'
                  AND (message.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                      BETWEEN %(wrote)s AND %(today)s"""
        ),
    )
    silent(
        "unmatched",
        rows(
            """SELECT partner.commercial_partner_id FROM account_bank_statement_line line
                 JOIN res_partner partner ON partner.id = line.partner_id
                WHERE line.company_id = %(company)s AND line.is_reconciled IS NOT TRUE AND line.amount > 0"""
        ),
    )
    silent(
        "switched off",
        rows(
            """SELECT partner_id FROM payer_profile
                WHERE company_id = %(company)s AND reminders_enabled IS NOT TRUE"""
        ),
    )
    # A case of somebody who owes nothing overdue any more is closed by the morning's jobs.
    silent(
        "with a person",
        [
            (customer,)
            for (customer,) in rows(
                "SELECT partner_id FROM dunning_handover"
                " WHERE company_id = %(company)s AND state IN ('open', 'lawyer')"
            )
            if customer in overdue
        ],
    )
    silent(
        "reply waits",
        rows("SELECT partner_id FROM dunning_reply WHERE company_id = %(company)s AND state = 'waiting'"),
    )
    silent(
        "paused",
        rows(
            """SELECT partner_id FROM dunning_pause
                WHERE company_id = %(company)s AND move_id IS NULL AND ended_on IS NULL
                  AND date_until >= %(today)s AND (date_from IS NULL OR date_from <= %(today)s)"""
        ),
    )


def _plans(facts, found, of_move, last_missed):
    """A plan is kept as long as no more is open than the instalments that are not missed yet."""
    moves, schedule = defaultdict(set), defaultdict(dict)
    for number, (plan, move, day, amount) in enumerate(found):
        moves[plan].add(move)
        # Each instalment comes once per invoice; the day names it, there are no two on one day.
        schedule[plan][day] = (amount, number)
    for plan, instalments in schedule.items():
        allowed = sum((amount for day, (amount, _) in instalments.items() if day >= last_missed), Decimal(0))
        opened = sum((of_move.get(move, Decimal(0)) for move in moves[plan]), Decimal(0))
        if opened and opened <= allowed:
            facts.moves.update(dict.fromkeys(moves[plan], "planned"))
