"""What an action has done for an invoice: once each, and taken back when the reason is gone."""

import hashlib
import hmac
import json
import logging

import requests
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, format_date

from .delivery import UNDELIVERED

_logger = logging.getLogger(__name__)
WEBHOOK_SECONDS = 5
WEBHOOK_ATTEMPTS = 6


class TrackingActionRun(models.Model):
    _name = "tracking.action.run"
    _description = "Follow-up Done"
    _order = "id desc"
    _rec_name = "move_id"

    action_id = fields.Many2one("tracking.action", required=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", "Invoice", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    occurrence = fields.Integer(
        required=True, help="The event that gave the reason; 0 for what happens once."
    )
    state = fields.Selection(
        [
            ("waiting", "To be called"),
            ("open", "Open task"),
            ("done", "Done"),
            ("stopped", "Reason gone"),
            ("failed", "Failed"),
        ],
        required=True,
        default="done",
    )
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null")
    attempts = fields.Integer()
    failure = fields.Char()

    _once = models.UniqueIndex("(action_id, move_id, occurrence)")
    _unfinished = models.Index("(state) WHERE state IN ('waiting', 'open')")

    @api.model
    def _claim(self, action, due):
        """The runs that nobody else has begun; a second worker waits here and gets none."""
        if not due:
            return self
        now, uid = fields.Datetime.now(), self.env.uid
        found = self.env.cr.execute_values(
            "INSERT INTO tracking_action_run (action_id, move_id, company_id, occurrence, state, attempts, "
            "create_uid, write_uid, create_date, write_date) VALUES %s ON CONFLICT DO NOTHING RETURNING id",
            [
                (
                    action.id,
                    move.id,
                    move.company_id.id,
                    occurrence,
                    "waiting" if action.channel == "webhook" else "done",
                    0,
                    uid,
                    uid,
                    now,
                    now,
                )
                for move, occurrence in due.items()
            ],
            page_size=len(due),
            fetch=True,
        )
        runs = self.browse([run_id for (run_id,) in found])
        runs.move_id._log_tracking_event(
            "action",
            {"activity": "activity", "mail": "mail", "webhook": "webhook"}.get(action.channel, "system"),
            action.name,
        )
        return runs

    # --- what is done -------------------------------------------------------------
    def _get_user(self):
        """Who is told: the one named, the salesperson, and always somebody."""
        self.ensure_one()
        action, move = self.action_id, self.move_id
        candidates = [action.user_id] if action.recipient == "user" else []
        candidates += [move.invoice_user_id, move.commercial_partner_id.user_id, action.user_id]
        for user in candidates:
            if user.active and not user.share and not user._is_superuser():
                return user
        return self.env.ref("base.user_admin")

    def _do_note(self):
        for runs in self.grouped("action_id").values():
            runs.move_id._message_log_batch(bodies={run.move_id.id: run._get_text() for run in runs})

    def _get_text(self):
        """What a colleague is told: the action's words, what is open and until when."""
        self.ensure_one()
        action, move = self.action_id, self.move_id
        words = ": ".join(filter(None, [action.summary or action.name, action.note]))
        return self.env._(
            "%(words)s %(amount)s open, due %(date)s.",
            words=words,
            amount=move.currency_id.format(move.amount_residual),
            date=format_date(self.env, move.invoice_date_due),
        )

    def _do_activity(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id("account.move")
        proposals = self._get_proposals()
        values = []
        for run in self:
            user = run._get_user()
            action = run.action_id.with_context(lang=user.lang or self.env.lang)
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": run.move_id.id,
                    "activity_type_id": (action.activity_type_id or todo).id,
                    "summary": action.summary or action.name,
                    "note": Markup("<p>%s</p>%s") % (action.note or "", proposals.get(run.move_id, "")),
                    "user_id": user.id,
                    "date_deadline": run.company_id._receivables_today(),
                    "automated": True,
                }
            )
        # The task stands in the list of whoever it is for; a mail for each would be another pile.
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)
        for run, activity in zip(self, activities, strict=True):
            run.write({"state": "open", "activity_id": activity.id})

    def _get_proposals(self):
        """Other contacts of the customers whose mail did not arrive, as a text for the task; one query."""
        moves = self.filtered(lambda run: run.action_id.situation in UNDELIVERED).move_id
        if not moves:
            return {}
        contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "in", moves.commercial_partner_id.ids), ("email", "!=", False)]
        )
        # Those for invoices first, then people, then other addresses.
        rank = {"invoice": 0, "contact": 1}
        proposals = {}
        for move in moves:
            failed = {move.partner_id.email_normalized}
            found = contacts.filtered(
                lambda contact, move=move, failed=failed: (
                    contact.commercial_partner_id == move.commercial_partner_id
                    and contact.email_normalized not in failed
                    and email_normalize(contact.email)
                )
            ).sorted(lambda contact: (rank.get(contact.type, 2), contact.id))
            items = Markup().join(
                Markup("<li>%s: %s</li>") % (contact.name or contact.display_name, contact.email)
                for contact in found[:5]
            )
            heading = (
                self.env._("Other contacts of this customer:")
                if items
                else self.env._("The customer has no other contact with an e-mail address.")
            )
            proposals[move] = Markup("<p>%s</p><ul>%s</ul>") % (heading, items)
        return proposals

    def _do_mail(self):
        for action, runs in self.grouped("action_id").items():
            if action.recipient != "customer":
                runs._tell_user()
                continue
            unreachable = runs.filtered(lambda run: not run.move_id.partner_id.email)
            unreachable.write(
                {"state": "failed", "failure": self.env._("the customer has no e-mail address")}
            )
            if reachable := runs - unreachable:
                # sudo: templates are rendered by the system, as Odoo's own sending does.
                action.mail_template_id.sudo().send_mail_batch(
                    reachable.move_id.ids, email_layout_xmlid="invoice_to_cash.mail_layout_letter"
                )

    def _tell_user(self):
        for run in self:
            user = run._get_user()
            spoken = run.with_context(lang=user.lang or self.env.lang)
            action, move = spoken.action_id, run.move_id
            move.message_notify(
                partner_ids=user.partner_id.ids,
                subject=f"{action.summary or action.name}: {move.name}",
                body=spoken._get_text(),
            )

    def _do_webhook(self):
        """Called by the job once this is committed: what is rolled back must not have been told."""
        self.env.ref("invoice_to_cash.cron_tracking_action").sudo()._trigger()

    @api.model
    def _call_webhooks(self):
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "=", "waiting")], order="id", limit=500)
        for number, run in enumerate(waiting, 1):
            if run.try_lock_for_update():
                run._call_webhook()
            if not cron._commit_progress(1, remaining=len(waiting) - number):
                return

    def _call_webhook(self):
        """POST the invoice's situation, signed; the receiver can tell a repeated call by its id."""
        self.ensure_one()
        # sudo: address and secret are readable by managers only; the job acts for the one who set them.
        action, move = self.action_id.sudo(), self.move_id
        body = json.dumps(
            {
                "id": self.id,
                "event": action.situation,
                "moment": fields.Datetime.to_string(self.create_date),
                "invoice": {
                    "id": move.id,
                    "number": move.name,
                    "status": move.tracking_status,
                    "customer": move.commercial_partner_id.name,
                    "currency": move.currency_id.name,
                    "total": str(move.currency_id.round(move.amount_total)),
                    "open": str(move.currency_id.round(move.amount_residual)),
                    "due": fields.Date.to_string(move.invoice_date_due) or None,
                    "payment_code": move.payment_code or None,
                },
            },
            ensure_ascii=False,
        ).encode()
        signature = hmac.new((action.webhook_secret or "").encode(), body, hashlib.sha256).hexdigest()
        failure = None
        try:
            answer = requests.post(
                action.webhook_url,
                data=body,
                timeout=WEBHOOK_SECONDS,
                allow_redirects=False,
                headers={"Content-Type": "application/json", "X-I2C-Signature": signature},
            )
            if not 200 <= answer.status_code < 300:
                failure = f"HTTP {answer.status_code}"
        except requests.RequestException as error:
            failure = type(error).__name__
        attempts = self.attempts + 1
        if failure:
            _logger.info("webhook of action %s for invoice %s: %s", action.id, move.id, failure)
        given_up = failure and attempts >= WEBHOOK_ATTEMPTS
        self.write(
            {
                "attempts": attempts,
                "failure": failure,
                "state": "failed" if given_up else "waiting" if failure else "done",
            }
        )

    # --- when the reason is gone ----------------------------------------------------
    @api.model
    def _stop_gone(self):
        """Take back the tasks whose reason is gone, and close the runs of those that were done by hand."""
        runs = self.search([("state", "=", "open")])
        runs.filtered(lambda run: not run.activity_id.active).write({"state": "done"})
        runs = runs.filtered(lambda run: run.state == "open")
        gone = self.browse()
        for action, group in runs.grouped("action_id").items():
            holding = action._get_holding(group.move_id)
            gone |= group.filtered(lambda run, holding=holding: run.move_id not in holding)
        gone.activity_id.unlink()
        gone.write({"state": "stopped"})
        return gone
