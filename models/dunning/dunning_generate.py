from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.dunning import Kind, decide, letter
from .dunning_reminder import OPEN_STATES

# New records are silent: the thread is for what is written to the customer.
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}
#: Customers decided at once: what the ORM holds in memory grows with it.
BATCH = 500
#: What a line says to the customer: when none of it changes, the message stays as it is.
LINE_KEY = (
    "move_id",
    "position",
    "level",
    "occurrence",
    "due_date",
    "residual",
    "amount_disputed",
    "reason",
    "interest",
)
STATE_OF = {Kind.SEND: "draft", Kind.SILENT: "held", Kind.HAND_OVER: "handed_over"}


def _line_key(move, position, level, occurrence, due, residual, disputed, reason, interest) -> tuple:
    """What a line says, to compare and to store: the values of ``LINE_KEY``."""
    return (
        move or 0,  # the invoice may be gone
        position,
        level,
        occurrence,
        due,
        round(float(residual or 0), 6),
        round(float(disputed or 0), 6),
        reason,
        round(float(interest or 0), 6),
    )


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    @api.model
    @api.private
    def generate(self, company, today=None):
        """Decide for every customer of ``company`` and put today's messages into the outbox.

        Sends nothing. A second call the same day changes nothing but what the
        facts have changed. Messages not yet out are brought up to date; what is
        due and held back is there with its reason.

        :param today: the day to decide for; the company's own today when None.
        :return: the messages of this run: ready, waiting, held back, handed over;
            ``.send()`` on them sends those that are ready.
        """
        self.check_access("create")
        reminders = self.with_company(company)
        if today:
            # What is decided for a given day is sent for that day.
            reminders = reminders.with_context(dunning_today=today)
        today = today or company._receivables_today()
        company._lock_dunning()
        result = reminders.browse()
        for partners in company._get_dunning_batches():
            result |= reminders._refresh(company, today, partners)
        return result

    def _refresh(self, company, today, partners=None, accounts=None):
        """Bring the messages that are not yet out in line with the decisions of ``today``.

        :param partners: commercial partners to look at; all when None.
        :param accounts: the facts of these partners where the caller has just asked for them.
        """
        if accounts is None:
            # sudo: what is due does not depend on the rights of whoever presses the button.
            accounts = company.sudo()._get_dunning_accounts(today, partners)
        decided = [(account, decide(account, ladder, today)) for account, ladder in accounts]
        company._store_dunning_figures([item for _a, d in decided for item in d.all_items], partners)
        domain = [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        opened = {(r.partner_id.id, r.currency_id.name): r for r in self.sudo().search(domain)}
        acting = [
            (account, told)
            for account, decision in decided
            if (told := decision.told()) and told.kind in STATE_OF
        ]
        values = self._prepare_reminders(company, today, acting)
        told_lines = self.sudo().browse().union(*opened.values())._get_told_lines()
        result, new, changed, same = self.browse(), [], [], self.browse()
        for (account, _decision), vals in zip(acting, values, strict=True):
            reminder = opened.pop((account.partner, account.currency), None)
            if reminder is None:
                new.append(vals)
                continue
            if vals["state"] == "waiting" and reminder.approved_level >= vals["level"]:
                vals["state"] = "draft"
            vals |= reminder._get_values_of_edit(vals)
            if reminder._is_as(vals, told_lines.get(reminder.id, [])):
                same |= reminder
            else:
                changed.append((reminder, vals))
            result |= reminder
        noted = {(r.partner_id.id, r.currency_id.name) for r in same if r.date == today}
        company._note_dunning_silence(decided, today, noted)
        company.sudo()._complete_prepared_lines([*new, *(vals for _reminder, vals in changed)])
        self.sudo().browse().union(*(reminder for reminder, _vals in changed)).line_ids.unlink()
        self.sudo()._write_prepared(changed)
        if same:
            same.filtered(lambda reminder: reminder.date != today).with_context(**QUIET).write(
                {"date": today}
            )
        gone = self.sudo().browse().union(*opened.values())
        self._close_outdated(gone)
        result |= self.sudo()._create_prepared(new)
        result._assign_tasks()
        result.filtered(lambda reminder: reminder.state == "handed_over")._note_next_steps(accounts)
        return self.browse(result.ids)

    @api.model
    def _prepare_reminders(self, company, today, acting):
        """Values of one message per account that has something due.

        Its lines are given as ``_line_key`` until they are needed (``_complete_prepared_lines``).
        """
        if not acting:
            return []
        partners = self.env["res.partner"].sudo().browse({account.partner for account, _decision in acting})
        roles = partners._get_reminder_roles()
        steps = self.env["dunning.step"].sudo().browse({decision.step.key for _account, decision in acting})
        role_of = {step.id: step.contact_role for step in steps}
        profiles = {
            p.partner_id.id: p for p in self.env["payer.profile"].sudo()._get_or_create(company, partners)
        }
        currencies = {
            currency.name: currency.id
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", list({account.currency for account, _decision in acting}))])
        }
        interest = company.sudo()._get_dunning_interest_of_accounts(acting, profiles, today)
        values = []
        for account, decision in acting:
            state = STATE_OF[decision.kind]
            held = state == "held"
            contact = letter.choose_contact(
                role_of[decision.step.key], roles.get(partners.browse(account.partner), ())
            )
            values.append(
                {
                    "partner_id": account.partner,
                    "contact_id": contact or False,
                    "company_id": company.id,
                    "currency_id": currencies[account.currency],
                    "profile_id": profiles[account.partner].id,
                    "date": today,
                    "step_id": decision.step.key,
                    "tone": decision.step.tone,
                    "level": decision.step.level,
                    "state": "waiting" if decision.approval else state,
                    "hold_reason": decision.reason.value if held else False,
                    "hold_until": decision.until if held else False,
                    "requires_approval": decision.approval,
                    "amount_credit": float(account.credit),
                    "amount_payable": float(account.payable),
                    "failure": False,
                    "line_ids": [
                        _line_key(
                            *item.position.key,
                            item.step.level,
                            item.occurrence,
                            item.position.due_date,
                            item.position.residual,
                            item.position.residual - item.position.chased,
                            item.reason.value,
                            interest.get(item.position.key),
                        )
                        for item in decision.items
                    ],
                }
            )
        return values

    def _get_told_lines(self) -> dict:
        """{message: what its lines say, as ``_line_key``, in order}; one query."""
        self.env["dunning.reminder.line"].flush_model()
        columns = SQL(", ").join(map(SQL.identifier, LINE_KEY))
        found = {}
        for reminder_id, *told in self.env.execute_query(
            SQL(
                "SELECT reminder_id, %s FROM dunning_reminder_line WHERE reminder_id = ANY(%s)",
                columns,
                self.ids,
            )
        ):
            found.setdefault(reminder_id, []).append(_line_key(*told))
        return {reminder_id: sorted(lines) for reminder_id, lines in found.items()}

    def _is_as(self, vals, told_lines):
        """Whether this message says already what ``vals`` would make it say, its day apart.

        :param told_lines: of ``_get_told_lines``
        """
        self.ensure_one()
        plain = (
            "tone",
            "level",
            "state",
            "hold_reason",
            "hold_until",
            "requires_approval",
            "amount_credit",
            "amount_payable",
        )
        return (
            all((self[name] or False) == (vals[name] or False) for name in plain)
            and self.step_id.id == vals["step_id"]
            and self.contact_id.id == (vals["contact_id"] or False)
            and told_lines == sorted(vals["line_ids"])
        )

    @api.model
    def _close_outdated(self, reminders):
        """What is no longer due: held entries go, a prepared letter says that it was not sent."""
        held = reminders.filtered(lambda reminder: reminder.state == "held")
        (reminders - held).with_context(**QUIET).write({"state": "cancelled", "hold_reason": "nothing_due"})
        (reminders - held).flush_recordset()
        held.unlink()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_batches(self) -> list:
        """The commercial partners with something open, to remind of or to bring up to date, in batches."""
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["dunning_next_date", "commercial_partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["dunning.reminder"].flush_model(["state", "partner_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.company_id = %(company)s AND account.account_type = 'asset_receivable'
                   AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency != 0
                 UNION
                SELECT partner_id FROM dunning_reminder
                 WHERE company_id = %(company)s AND state IN %(opened)s
                 UNION
                SELECT commercial_partner_id FROM account_move
                 WHERE company_id = %(company)s AND dunning_next_date IS NOT NULL
                   AND commercial_partner_id IS NOT NULL
                 ORDER BY 1
                """,
                company=self.id,
                opened=OPEN_STATES,
            )
        )
        ids = [partner_id for (partner_id,) in rows]
        return [
            self.env["res.partner"].browse(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)
        ]

    def _lock_dunning(self):
        """Let one transaction at a time prepare reminders of the company.

        Writing the row makes a second one, whose snapshot is older, start anew
        instead of deciding on what it cannot see.
        """
        self.ensure_one()
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "The reminders of %s are being prepared right now: try again in a moment.", self.name
                )
            )
        self.env.cr.execute(
            SQL("UPDATE res_company SET dunning_last_run = now() AT TIME ZONE 'UTC' WHERE id = %s", self.id)
        )
        self.invalidate_recordset(["dunning_last_run"])

    def _get_dunning_journal_items(self, move_ids):
        """{(move, position): (journal item, number, code of the invoice)}, counted as everywhere."""
        self.env["account.move"].flush_model(["name", "payment_code"])
        self.env["account.move.line"].flush_model(["move_id", "account_id", "date", "date_maturity"])
        return {
            (move, number): found
            for move, number, *found in self.env.execute_query(
                SQL(
                    """
                    SELECT line.move_id,
                           ROW_NUMBER() OVER (PARTITION BY line.move_id
                                                  ORDER BY COALESCE(line.date_maturity, line.date), line.id),
                           line.id, move.name, move.payment_code
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id IN %s AND account.account_type = 'asset_receivable'
                    """,
                    tuple(move_ids),
                )
            )
        }

    def _complete_prepared_lines(self, values):
        """Make the lines of prepared messages, with what is printed of their invoices; one query."""
        move_ids = {told[0] for vals in values for told in vals["line_ids"]}
        if not move_ids:
            return
        items = self._get_dunning_journal_items(move_ids)
        for vals in values:
            lines = [dict(zip(LINE_KEY, told, strict=True)) for told in vals["line_ids"]]
            for line in lines:
                found = items[line["move_id"], line["position"]]
                line["move_line_id"], line["move_name"], line["payment_code"] = found
            vals["line_ids"] = [(0, 0, line) for line in lines]

    def _store_dunning_figures(self, items, partners=None, clear=True):
        """Write level and next date of each invoice, in one statement; clear what is no longer open.

        :param items: ``core.dunning.ItemDecision`` of all positions of these invoices
        :param clear: whether ``items`` are all positions of ``partners``: nothing else of them is open.
        """
        rows = {}
        for item in items:
            move_id = item.position.key[0]
            level, day = rows.get(move_id, (0, None))
            sent = max((s.level for s in item.position.sent), default=0)
            days = [d for d in (day, item.date) if d]
            rows[move_id] = max(level, sent), min(days) if days else None
        self.env["account.move"].flush_model(["dunning_level", "dunning_next_date"])
        if rows:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move move
                       SET dunning_level = fact.level, dunning_next_date = fact.day
                      FROM UNNEST(%s::int[], %s::int[], %s::date[]) AS fact(id, level, day)
                     WHERE move.id = fact.id
                       AND (move.dunning_level, move.dunning_next_date)
                           IS DISTINCT FROM (fact.level, fact.day)
                    """,
                    list(rows),
                    [level for level, _day in rows.values()],
                    [day for _level, day in rows.values()],
                ),
                # A conflict with the server's own writes is tried again by every caller.
                log_exceptions=False,
            )
        if clear:
            of_partners = (
                SQL("AND commercial_partner_id IN %s", tuple(partners.ids)) if partners is not None else SQL()
            )
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move SET dunning_next_date = NULL
                     WHERE company_id = %s AND dunning_next_date IS NOT NULL AND NOT (id = ANY(%s)) %s
                    """,
                    self.id,
                    list(rows),
                    of_partners,
                )
            )
        self.env["account.move"].invalidate_model(["dunning_level", "dunning_next_date"], flush=False)
