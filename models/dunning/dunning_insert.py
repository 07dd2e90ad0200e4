"""New messages and their lines go into the database in two statements, whatever their number."""

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .dunning_generate import QUIET
from .dunning_reminder import KEY_STATES, sum_up

#: What is written of a message and of a line: column and its type in the database.
COLUMNS = {
    "dunning.reminder": {
        "partner_id": "int4",
        "contact_id": "int4",
        "company_id": "int4",
        "currency_id": "int4",
        "profile_id": "int4",
        "date": "date",
        "step_id": "int4",
        "tone": "varchar",
        "level": "int4",
        "state": "varchar",
        "hold_reason": "varchar",
        "hold_until": "date",
        "requires_approval": "bool",
        "amount_credit": "numeric",
        "amount_payable": "numeric",
        "invoice_count": "int4",
        "amount_total": "numeric",
        "amount_disputed": "numeric",
        "amount_due": "numeric",
        "amount_interest": "numeric",
        "days_overdue": "int4",
    },
    "dunning.reminder.line": {
        "reminder_id": "int4",
        "company_id": "int4",
        "move_id": "int4",
        "move_line_id": "int4",
        "position": "int4",
        "level": "int4",
        "occurrence": "int4",
        "active_key": "bool",
        "move_name": "varchar",
        "payment_code": "varchar",
        "due_date": "date",
        "residual": "numeric",
        "amount_disputed": "numeric",
        "reason": "varchar",
        "interest": "numeric",
    },
    "dunning.dispatch": {
        "reminder_id": "int4",
        "company_id": "int4",
        "channel": "varchar",
        "state": "varchar",
        "moment": "timestamp",
        "address": "varchar",
        "detail": "varchar",
        "user_id": "int4",
        "activity_id": "int4",
    },
}


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    @api.model
    def _create_prepared(self, vals_list):
        """Create messages from the values of ``_prepare_reminders``.

        By SQL: the ORM inserts and then updates each hundred lines, which costs more than deciding. All
        that it would compute is given here; where another module adds more to compute, the ORM does it.
        """
        if not vals_list:
            return self.browse()
        if _needs_orm(self) or _needs_orm(self.env["dunning.reminder.line"]):
            return self.with_context(**QUIET).create(vals_list)
        rows, lines = self._split_prepared(vals_list)
        # What lost its level in this run must have lost it in the database as well.
        self.flush_model(["state"])
        self.env["dunning.reminder.line"].flush_model(["active_key"])
        ids = _insert_rows(self, rows, returning=("partner_id", "currency_id"))
        # One message per customer and currency: the two name it.
        ids = {(partner, currency): reminder for reminder, partner, currency in ids}
        ids = [ids[row["partner_id"], row["currency_id"]] for row in rows]
        self._insert_lines(ids, rows, lines)
        self.env["payer.profile"].invalidate_model(["reminder_ids", "last_reminder_date"], flush=False)
        return self.browse(ids)

    def _write_prepared(self, changed):
        """Bring messages whose lines have just been removed in line with new values, as ``_create_prepared``.

        :param changed: pairs (message, its values)
        """
        if not changed:
            return
        if _needs_orm(self) or _needs_orm(self.env["dunning.reminder.line"]):
            for reminder, vals in changed:
                reminder.with_context(**QUIET).write(vals)
            return
        reminders = self.browse().union(*(reminder for reminder, _vals in changed))
        columns = COLUMNS[self._name]
        # What is not decided but follows from it, such as changed words that are dropped: alike for most.
        others = {}
        for reminder, vals in changed:
            rest = tuple((name, vals[name]) for name in vals if name not in columns and name != "line_ids")
            others[rest] = others.get(rest, self.browse()) | reminder
        for rest, alike in others.items():
            alike.with_context(**QUIET).write(dict(rest))
        rows, lines = self._split_prepared([vals for _reminder, vals in changed])
        reminders.flush_recordset()
        self.env["dunning.reminder.line"].flush_model(["active_key"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_reminder reminder
                   SET %(sets)s, write_uid = %(user)s, write_date = %(now)s
                  FROM UNNEST(%(ids)s::int4[], %(arrays)s) AS fact(id, %(names)s)
                 WHERE reminder.id = fact.id
                """,
                sets=SQL(", ").join(
                    SQL("%s = fact.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns
                ),
                user=self.env.uid,
                now=fields.Datetime.now(),
                ids=[reminder.id for reminder, _vals in changed],
                arrays=_arrays(rows, columns),
                names=SQL(", ").join(map(SQL.identifier, columns)),
            ),
            log_exceptions=False,
        )
        self._insert_lines([reminder.id for reminder, _vals in changed], rows, lines)
        reminders.invalidate_recordset([*columns, "line_ids"], flush=False)
        self.env["payer.profile"].invalidate_model(["reminder_ids", "last_reminder_date"], flush=False)

    def _split_prepared(self, vals_list):
        """(values of the messages with their totals, values of the lines of each)."""
        places = {
            currency.id: currency.decimal_places
            for currency in self.env["res.currency"].browse({vals["currency_id"] for vals in vals_list})
        }
        rows, lines = [], []
        for vals in vals_list:
            covered = [command[2] for command in vals["line_ids"]]
            digits = places[vals["currency_id"]]
            sums = sum_up(covered, vals["amount_credit"], vals["date"])
            sums["amount_interest"] = sum(line["interest"] for line in covered)
            sums = {name: round(amount, digits) for name, amount in sums.items()}
            rows.append({**vals, **sums})
            lines.append(covered)
        return rows, lines

    def _insert_lines(self, ids, rows, lines):
        _insert_rows(
            self.env["dunning.reminder.line"],
            [
                {
                    **line,
                    "reminder_id": reminder_id,
                    "company_id": row["company_id"],
                    "active_key": row["state"] in KEY_STATES,
                }
                for reminder_id, row, covered in zip(ids, rows, lines, strict=True)
                for line in covered
            ],
        )

    def _create_ways(self, ways):
        """Create the dispatches of these messages from their values."""
        # sudo: what went out is kept by the system; a collector may read it, not write it.
        dispatches = self.env["dunning.dispatch"].sudo()
        if _needs_orm(dispatches):
            dispatches.create(ways)
        elif ways:
            company = {reminder.id: reminder.company_id.id for reminder in self}
            given = {"state": "sent", "moment": fields.Datetime.now()}
            _insert_rows(
                dispatches, [{**given, "company_id": company[way["reminder_id"]], **way} for way in ways]
            )
            self.invalidate_recordset(["dispatch_ids"], flush=False)

    def _keep_sent(self, values):
        """Keep what went out, of all in one statement.

        :param values: {reminder id: {"figures", "subject" of a letter, "html" where no mail has it}}
        """
        if not self:
            return
        kept = [values[reminder.id] for reminder in self]
        self.flush_recordset(["figures", "sent_subject", "sent_html"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_reminder reminder
                   SET figures = kept.figures,
                       sent_subject = COALESCE(kept.subject, reminder.sent_subject),
                       sent_html = COALESCE(kept.html, reminder.sent_html)
                  FROM UNNEST(%s::int4[], %s::jsonb[], %s::varchar[], %s::text[])
                    AS kept(id, figures, subject, html)
                 WHERE reminder.id = kept.id
                """,
                self.ids,
                [Json(row["figures"]) for row in kept],
                [str(row["subject"] or "") if "subject" in row else None for row in kept],
                [str(row["html"]) if "html" in row else None for row in kept],
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["figures", "sent_subject", "sent_html"], flush=False)

    def _keep_mails(self, mails):
        """Link the mails, one per message and in their order, and keep their letters, in one statement."""
        self.flush_recordset(["mail_id", "mail_message_id", "sent_html"])
        mails.flush_recordset(["body_html"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_reminder reminder
                   SET mail_id = made.mail, mail_message_id = made.message, sent_html = mail.body_html
                  FROM UNNEST(%s::int4[], %s::int4[], %s::int4[]) AS made(id, mail, message)
                  JOIN mail_mail mail ON mail.id = made.mail
                 WHERE reminder.id = made.id
                """,
                self.ids,
                mails.ids,
                [mail.mail_message_id.id for mail in mails],
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["mail_id", "mail_message_id", "sent_html"], flush=False)


def _needs_orm(model) -> bool:
    """Whether a new record has something to compute or a default that we do not give."""
    columns = COLUMNS[model._name]
    return hasattr(type(model).create, "origin") or any(  # an automation rule waits for new records
        field.store
        and field.column_type
        and name not in columns
        and name not in models.MAGIC_COLUMNS
        and (field.compute or field.related or field.default)
        for name, field in model._fields.items()
    )


def _insert_rows(model, rows, returning=()) -> list:
    """Insert all rows in one statement.

    :return: (id, value of each column of ``returning``) per row, in no order
    """
    columns = COLUMNS[model._name]
    now = fields.Datetime.now()
    return model.env.execute_query(
        SQL(
            """
            INSERT INTO %(table)s (%(names)s, create_uid, write_uid, create_date, write_date)
            SELECT %(names)s, %(user)s, %(user)s, %(now)s, %(now)s
              FROM UNNEST(%(arrays)s) AS fact(%(names)s)
            RETURNING %(returning)s
            """,
            table=SQL.identifier(model._table),
            names=SQL(", ").join(map(SQL.identifier, columns)),
            arrays=_arrays(rows, columns),
            returning=SQL(", ").join(map(SQL.identifier, ("id", *returning))),
            user=model.env.uid,
            now=now,
        )
    )


def _arrays(rows, columns):
    return SQL(", ").join(
        SQL("%s::" + kind + "[]", _column(rows, name, kind)) for name, kind in columns.items()
    )


def _column(rows, name, kind) -> list:
    """As the ORM keeps it: what is empty is NULL, but a number and a yes or no."""
    if kind in ("bool", "numeric"):
        return [row.get(name) for row in rows]
    return [
        value if value or (value == 0 and value is not False) else None
        for value in (row.get(name) for row in rows)
    ]
