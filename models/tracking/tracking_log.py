"""The log of an invoice: each change of its status, what we did and what the customer did."""

from odoo import api, fields, models
from odoo.tools import SQL

# Events that a person wants to read on the invoice, not only in the log. What the calendar alone brings
# about (due soon, overdue) the due date says already; the mail itself stands in the chatter when it leaves.
IN_CHATTER = {
    "no_address",
    "refused",
    "bounced",
    "not_sent",
    "viewed",
    "sla_broken",
    "partial",
    "paid",
    "reopened",
    "disputed",
    "dispute_settled",
}
LOGGED = "i2c_logged_status"
TRIGGERED = "i2c_actions_triggered"
COLUMNS = "move_id, company_id, partner_id, recipient_id, kind, channel, client, detail, moment, opening_hour"


class AccountMove(models.Model):
    _inherit = "account.move"

    def _log_status_changes(self):
        """Write an event for each invoice whose status is now another than the one that was logged last.

        A status is computed more than once in a transaction before it is stored: what was logged in it is
        kept with the cursor, which forgets it with a commit and with a rollback to a savepoint.
        """
        saved = self.filtered(lambda move: isinstance(move.id, int))
        if not saved or self.env.context.get("i2c_no_events"):
            return
        logged = self.env.cr.precommit.data.setdefault(LOGGED, {})
        if unknown := [move_id for move_id in saved.ids if move_id not in logged]:
            logged.update(
                self.env.execute_query(
                    SQL("SELECT id, tracking_status FROM account_move WHERE id IN %s", tuple(unknown))
                )
            )
        by_kind = {}
        for move in saved:
            before, after = logged.get(move.id), move.tracking_status
            if before == after:
                continue
            logged[move.id] = after
            if before in ("paid", "partial", "overdue") and after in (
                "created",
                "sent",
                "viewed",
                "due_soon",
            ):
                kind = "reopened"
            elif before is None and after in ("sent", "viewed"):
                kind = "created"
            elif after in ("sent", "viewed"):
                # Whatever made it sent or viewed has logged its own event, with the address and the channel.
                continue
            else:
                kind = after
            by_kind.setdefault(kind, []).append(move.id)
        for kind, ids in by_kind.items():
            self.browse(ids)._log_tracking_event(kind)
        if by_kind.keys() & {"partial", "paid"}:
            self._trigger_actions()

    def _trigger_actions(self):
        """Thanks and notices should not wait for the hour; one job for all of a transaction."""
        data = self.env.cr.precommit.data
        if not data.get(TRIGGERED):
            data[TRIGGERED] = True
            # sudo: whoever books a payment, the job works for the company.
            self.env.ref("invoice_to_cash.cron_tracking_action").sudo()._trigger()

    def _log_tracking_event(self, kind, channel="system", detail=None, moment=None):
        """Add one event per invoice, and a line in the chatter where a person cares about it."""
        events = self.env["invoice.tracking.event"]
        if self:
            self.flush_recordset(["company_id", "commercial_partner_id"])
            now = fields.Datetime.now()
            # As _insert_events, and the invoices need not be read for it.
            found = self.env.execute_query(
                SQL(
                    """
                    INSERT INTO invoice_tracking_event
                           (move_id, company_id, partner_id, kind, channel, detail, moment,
                            create_uid, write_uid, create_date, write_date)
                    SELECT move.id, move.company_id, move.commercial_partner_id, %(kind)s, %(channel)s,
                           %(detail)s, %(moment)s, %(user)s, %(user)s, %(now)s, %(now)s
                      FROM UNNEST(%(moves)s::int4[]) WITH ORDINALITY AS wanted(id, place)
                      JOIN account_move move ON move.id = wanted.id
                     ORDER BY wanted.place
                 RETURNING id
                    """,
                    moves=self.ids,
                    kind=kind,
                    channel=channel or "system",
                    detail=detail or None,
                    moment=moment or now,
                    user=self.env.uid,
                    now=now,
                )
            )
            events = events.browse([event_id for (event_id,) in found])
            self._forget_events()
        self._note_in_chatter(kind, detail)
        return events

    @api.model
    def _insert_events(self, rows):
        """Add events in one statement.

        :param rows: dicts with ``move``, ``kind`` and, where known, ``channel``, ``detail``, ``moment``,
            ``recipient`` (an id).
        """
        events = self.env["invoice.tracking.event"]
        if not rows:
            return events
        now = fields.Datetime.now()
        uid = self.env.uid
        values = [
            (
                row["move"].id,
                row["move"].company_id.id,
                row["move"].commercial_partner_id.id or None,
                row.get("recipient") or None,
                row["kind"],
                row.get("channel") or "system",
                row.get("client") or None,
                row.get("detail") or None,
                row.get("moment") or now,
                None,
                uid,
                uid,
                now,
                now,
            )
            for row in rows
        ]
        # In one statement and not by create(): two related columns would cost an UPDATE each, and whoever
        # causes an event needs no right to write to the log.
        found = self.env.cr.execute_values(
            f"INSERT INTO invoice_tracking_event ({COLUMNS}, create_uid, write_uid, create_date, write_date) "
            "VALUES %s RETURNING id",
            values,
            page_size=len(values),
            fetch=True,
        )
        self.browse([row["move"].id for row in rows])._forget_events()
        return events.browse([event_id for (event_id,) in found])

    def _forget_events(self):
        """Events were added by SQL: what is in the cache of them is old."""
        self.invalidate_recordset(["tracking_event_ids"], flush=False)

    def _note_in_chatter(self, kind, detail=None):
        """A line in the chatter; ``detail`` is a text, or a function from an environment to one."""
        if not self or kind not in IN_CHATTER:
            return
        kinds = self.env["invoice.tracking.event"]._fields["kind"]
        bodies = {}
        for company, moves in self.grouped("company_id").items():
            spoken = moves.with_context(lang=company._get_note_language())
            label = dict(kinds._description_selection(spoken.env))[kind]
            words = detail(spoken.env) if callable(detail) else detail
            bodies |= dict.fromkeys(moves.ids, f"{label}: {words}" if words else label)
        # sudo: a note of the system on behalf of whoever caused the event.
        self.sudo()._message_log_batch(bodies=bodies)
