"""What our own people do on a day, and the mail server."""

import datetime


class Staff:
    """The part of ``Life`` that the company plays."""

    def our_people(self):
        positions = list(self.facts.positions.values())
        customers = sorted({position.customer for position in positions})
        if not customers:
            return
        if self.happens(0.25):
            self.pause(self.chance.choice(positions))
        if self.happens(0.1):
            running = self.env["dunning.pause"].search([("is_active", "=", True)], limit=1)
            running.action_end()
        if self.happens(0.2):
            self.change_ladder(self.chance.choice(customers))
        if self.happens(0.2):
            self.reset(self.chance.choice(positions))
        if self.happens(0.03):
            profile = self.profile(self.chance.choice(customers))
            profile.reminders_enabled = not profile.reminders_enabled
        self.mail_server()
        self.outbox()
        self.hand_overs()

    def profile(self, customer):
        return self.env["payer.profile"]._get_or_create(
            self.env.company, self.env["res.partner"].browse(customer)
        )

    def pause(self, position):
        first = self.in_days(0, 3)
        self.env["dunning.pause"].create(
            {
                "partner_id": position.customer,
                "move_id": position.move if self.happens(0.4) else False,
                "date_from": first if self.happens(0.3) else False,
                "date_until": first + datetime.timedelta(self.chance.randint(0, 12)),
                "reason": "on leave",
            }
        )
        self.counts["pauses"] += 1

    def change_ladder(self, customer):
        ladders = self.env["dunning.ladder"].search([])
        self.profile(customer).ladder_id = self.chance.choice([*ladders, ladders.browse()])
        self.counts["changes of ladder"] += 1

    def reset(self, position):
        """An invoice is corrected: back to draft and posted again, its journal items made anew."""
        move = self.env["account.move"].browse(position.move)
        if move.payment_state != "not_paid" or self.money.touches(move):
            return
        move.button_draft()
        if self.happens(0.5):
            move.invoice_line_ids[0].price_unit += 10
        move.action_post()
        self.counts["resets"] += 1

    def mail_server(self):
        """Of the letters of yesterday those to dead addresses come back."""
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "dunning.reminder"),
                ("state", "=", "outgoing"),
                ("recipient_ids.email", "like", "@bounce.example"),
            ]
        )
        if mails:
            mails.write({"state": "exception", "failure_type": "mail_email_invalid"})
            mails._postprocess_sent_message(
                success_pids=[],
                success_emails=[],
                failure_type="mail_email_invalid",
                failure_reason="unknown",
            )
            self.counts["mails that came back"] += len(mails)

    def outbox(self):
        reminders = self.env["dunning.reminder"]
        for reminder in reminders.search([("state", "=", "waiting")]):
            if self.happens(0.5):
                reminder.action_approve()
                self.counts["approvals"] += 1
            elif self.happens(0.05):
                reminder.action_skip()
                self.counts["skipped by hand"] += 1
            elif self.happens(0.05):
                reminder.action_cancel()

    def hand_overs(self):
        for case in self.env["dunning.handover"].search([("state", "=", "open")]):
            if self.happens(0.02):
                case.return_until = self.in_days(2, 10)
                case.action_return()
                self.counts["back from a person"] += 1
