"""What must hold at the end of the year: each is a query that finds what must not be."""

#: What is wrong: the query that finds it; ``today`` is the last day.
WRONG = {
    "a step of a position was sent twice": """
        SELECT line.move_id, line.position, line.level, line.occurrence, array_agg(reminder.id)
          FROM dunning_reminder_line line JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
         WHERE reminder.state IN ('sent', 'handed_over', 'skipped') AND line.move_id IS NOT NULL
         GROUP BY 1, 2, 3, 4 HAVING COUNT(*) > 1""",
    "two letters to a customer in one currency on one day": """
        SELECT company_id, partner_id, currency_id, date, array_agg(id) FROM dunning_reminder
         WHERE state = 'sent' GROUP BY 1, 2, 3, 4 HAVING COUNT(*) > 1""",
    "a letter too soon after another": """
        SELECT later.partner_id, earlier.id, earlier.date, later.id, later.date
          FROM dunning_reminder later
          JOIN dunning_step step ON step.id = later.step_id
          JOIN dunning_ladder ladder ON ladder.id = step.ladder_id
          JOIN dunning_reminder earlier ON earlier.partner_id = later.partner_id
               AND earlier.company_id = later.company_id AND earlier.state = 'sent'
               AND earlier.date < later.date AND later.date - earlier.date < ladder.contact_gap
         WHERE later.state = 'sent'""",
    "a softer step is missing without a reason": """
        WITH told AS (
            SELECT line.move_id, line.position, line.level, reminder.id, reminder.date, step.ladder_id,
                   COALESCE(LAG(line.level) OVER (PARTITION BY line.move_id, line.position
                                                      ORDER BY reminder.date, reminder.id), 0) AS before
              FROM dunning_reminder_line line
              JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
              JOIN dunning_step step ON step.id = reminder.step_id
             WHERE reminder.state IN ('sent', 'handed_over', 'skipped', 'returned')
        )
        SELECT told.move_id, told.position, told.date, told.before, told.level, step.level, told.id
          FROM told JOIN dunning_step step ON step.ladder_id = told.ladder_id
         WHERE step.level > told.before AND step.level < told.level
           AND NOT EXISTS (SELECT 1 FROM dunning_silence silence
                            WHERE silence.move_id = told.move_id AND silence.position = told.position
                              AND silence.level = step.level AND silence.first_date <= told.date)""",
    "a softer letter after a harsher one": """
        SELECT earlier.move_id, earlier.position, earlier.level, before.date, line.level, reminder.date
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
          JOIN dunning_reminder_line earlier
            ON earlier.move_id = line.move_id AND earlier.position = line.position
           AND earlier.level > line.level
          JOIN dunning_reminder before ON before.id = earlier.reminder_id AND before.date < reminder.date
         WHERE reminder.state = 'sent' AND before.state = 'sent'""",
    "a letter with more or less than one mail": """
        SELECT reminder.id, reminder.state, COUNT(mail.id), COUNT(DISTINCT way.id)
          FROM dunning_reminder reminder
          LEFT JOIN dunning_dispatch way ON way.reminder_id = reminder.id AND way.channel = 'mail'
          LEFT JOIN mail_message message ON message.res_id = reminder.id
               AND message.model = 'dunning.reminder' AND message.message_type = 'email_outgoing'
          LEFT JOIN mail_mail mail ON mail.mail_message_id = message.id
         GROUP BY reminder.id
        HAVING COUNT(mail.id) != COUNT(DISTINCT way.id) OR COUNT(message.id) != COUNT(DISTINCT way.id)""",
    "a sent letter without a way, its words or figures": """
        SELECT reminder.id, reminder.state FROM dunning_reminder reminder
         WHERE reminder.state = 'sent' AND (reminder.sent_at IS NULL OR reminder.figures IS NULL
               OR reminder.sent_html IS NULL
               OR NOT EXISTS (SELECT 1 FROM dunning_dispatch way WHERE way.reminder_id = reminder.id))""",
    "a letter without all channels of its step": """
        SELECT reminder.id, step.level, step.name FROM dunning_reminder reminder
          JOIN dunning_step step ON step.id = reminder.step_id
         WHERE reminder.state = 'sent'
           AND step.send_mail::int * (reminder.contact_id IS NOT NULL)::int
               + COALESCE(step.send_letter, FALSE)::int + COALESCE(step.make_call, FALSE)::int
               + COALESCE(step.show_notice, FALSE)::int
               != (SELECT COUNT(*) FROM dunning_dispatch way WHERE way.reminder_id = reminder.id)""",
    "a way to the customer of a letter that did not go": """
        SELECT way.id, reminder.id, reminder.state FROM dunning_dispatch way
          JOIN dunning_reminder reminder ON reminder.id = way.reminder_id
         WHERE reminder.state NOT IN ('sent', 'failed')""",
    "a letter that is stuck": """
        SELECT id, partner_id, date, state FROM dunning_reminder
         WHERE state = 'draft' OR (state IN ('waiting', 'held') AND date != %(today)s)""",
    "a letter that does not count or counts in vain": """
        SELECT line.id, reminder.id, reminder.state FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
         WHERE line.active_key IS DISTINCT FROM
               (reminder.state IN ('draft', 'waiting', 'sent', 'handed_over', 'skipped'))""",
    "a hand-over without its case": """
        SELECT id, partner_id, date FROM dunning_reminder
         WHERE state = 'handed_over' AND handover_id IS NULL""",
    "a promise that nobody judged, or too early": """
        SELECT id, state, date, decided_on FROM payment_promise
         WHERE (state = 'open' AND last_day < %(today)s) OR (state = 'broken' AND decided_on <= last_day)""",
    "an invoice with another level than the letters about what is open of it": """
        WITH item AS (
            SELECT line.*, ROW_NUMBER() OVER (
                       PARTITION BY line.move_id ORDER BY COALESCE(line.date_maturity, line.date), line.id
                   ) AS number
              FROM account_move_line line WHERE line.account_id = %(account)s AND line.parent_state = 'posted'
        )
        SELECT move.id, move.dunning_level, COALESCE(MAX(line.level), 0)
          FROM account_move move
          JOIN item ON item.move_id = move.id AND item.amount_residual_currency > 0
          LEFT JOIN (dunning_reminder_line line
                     JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
                          AND reminder.state IN ('sent', 'handed_over', 'skipped'))
            ON line.move_id = move.id AND line.position = item.number AND line.active_key
         WHERE move.move_type = 'out_invoice'
         GROUP BY move.id HAVING COALESCE(move.dunning_level, 0) != COALESCE(MAX(line.level), 0)""",
    "a job that reads other sums than the bookkeeping": """
        SELECT line.move_id, line.id, line.amount_residual_currency FROM account_move_line line
         WHERE line.account_id = %(account)s AND line.parent_state = 'posted'
           AND line.amount_residual_currency != line.amount_currency
               - COALESCE((SELECT SUM(debit_amount_currency) FROM account_partial_reconcile
                            WHERE debit_move_id = line.id), 0)
               + COALESCE((SELECT SUM(credit_amount_currency) FROM account_partial_reconcile
                            WHERE credit_move_id = line.id), 0)""",
}
#: Rows named of each kind of violation.
NAMED = 5


def check_year(env, world, today) -> list[str]:
    """Violations in words, a few of each kind."""
    violations = []
    env.flush_all()
    for what, query in WRONG.items():
        env.cr.execute(query, {"today": today, "account": world.receivable})
        rows = env.cr.fetchall()
        violations += [f"{what}: {row}" for row in rows[:NAMED]]
        if len(rows) > NAMED:
            violations.append(f"{what}: {len(rows) - NAMED} more")
    return violations
