"""What the customer opened: one event per recipient and hour, in one statement.

The first opening by a person moves the status.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import openings

# What is not to be noted (not posted, customer excluded, pixel switched off, our own people, noted within the
# hour) is left out by the statement itself: whoever asks gets the same answer, and no second query tells why.
NOTE_OPENING = """
    WITH noted AS (
        INSERT INTO invoice_tracking_event
               (move_id, company_id, partner_id, recipient_id, kind, channel, client, detail,
                moment, opening_hour, create_uid, write_uid, create_date, write_date)
        SELECT move.id, move.company_id, move.commercial_partner_id, recipient.id, %(kind)s, %(channel)s,
               %(client)s, %(detail)s, %(now)s, date_trunc('hour', %(now)s::timestamp),
               %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM account_move move
          JOIN res_company company ON company.id = move.company_id
          JOIN res_partner recipient ON recipient.id = COALESCE(%(recipient)s, move.partner_id)
         WHERE move.id IN %(moves)s
           AND move.state = 'posted'
           AND move.move_type = 'out_invoice'
           AND recipient.opens_not_tracked IS NOT TRUE
           AND recipient.commercial_partner_id != company.partner_id
           AND (company.tracking_pixel IS TRUE OR NOT %(is_pixel)s)
           AND NOT EXISTS (SELECT FROM res_users staff
                            WHERE staff.partner_id = recipient.id AND staff.active AND NOT staff.share)
           AND NOT EXISTS (SELECT FROM invoice_tracking_event event
                            WHERE event.move_id = move.id
                              AND event.recipient_id = recipient.id
                              AND event.kind = %(kind)s
                              AND event.moment > %(now)s::timestamp - interval '1 hour')
            ON CONFLICT DO NOTHING
     RETURNING move_id
    )
    SELECT noted.move_id, move.first_viewed_at IS NULL
      FROM noted
      JOIN account_move move ON move.id = noted.move_id
"""


class AccountMove(models.Model):
    _inherit = "account.move"

    def _mark_viewed(self, channel, detail=None, recipient=None, client="other"):
        """Note that the customer has opened the invoices; the first time moves the status."""
        return self._note_opening("viewed", channel, detail, recipient, client)

    def _note_opening(self, kind, channel, detail=None, recipient=None, client="other", is_pixel=False):
        """Note an opening of each invoice, at most one per recipient, kind and hour.

        :param kind: "viewed" or "pdf_viewed" for a person's, "view_unverified" for what may be a machine's.
        :param recipient: an id, or a partner; the invoice's contact when None.
        :return: the invoices for which something was noted
        """
        if not self:
            return self
        # Nothing to flush in a request of its own; within a transaction that changed the invoice there is.
        self.flush_recordset(["state", "first_viewed_at"])
        rows = self.env.execute_query(
            SQL(
                NOTE_OPENING,
                moves=tuple(self.ids),
                kind=kind,
                channel=channel,
                client=client,
                detail=detail,
                recipient=recipient.id if isinstance(recipient, models.BaseModel) else recipient,
                is_pixel=is_pixel,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        noted = self.browse([move_id for move_id, _is_first in rows])
        noted._forget_events()
        if kind != "view_unverified":
            # sudo: a visitor has opened what was signed for him; only our own two columns change.
            first = self.sudo().browse([move_id for move_id, is_first in rows if is_first])
            if first:
                first.write({"first_viewed_at": fields.Datetime.now()})
                # Who it was stays in the log, where it is purged.
                channels = self.env["invoice.tracking.event"]._fields["channel"]
                first._note_in_chatter(
                    "viewed", lambda env: dict(channels._description_selection(env)).get(channel)
                )
        return noted

    @api.model
    def _note_request(self, opening, moves, channel, recipient, kind="viewed", is_pixel=False):
        """Note what ``core.openings.judge`` made of a request; None is nothing."""
        if opening is None:
            return moves.browse()
        return moves._note_opening(
            kind if opening.grade != openings.MACHINE else "view_unverified",
            channel,
            opening.reason or None,
            recipient,
            opening.client,
            is_pixel,
        )
