"""Answers to reminders: recognised by their references, they freeze the ladder until dealt with."""

from odoo.tests import tagged

from .dunning_records_common import RecordsCommon

MAIL = """From: {sender}
To: {to}
Subject: Re: {subject}
Message-ID: <{number}@customer.example>
In-Reply-To: {reference}
References: {reference}
{extra}Content-Type: text/plain; charset=utf-8

{text}
"""


@tagged("post_install", "-at_install")
class TestDunningReplies(RecordsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()

    def letter(self, partner=None):
        self.debt(partner, late=3)
        sent = self.generate_today().send()
        self.assertEqual(len(sent), 1)
        return sent

    def receive(self, letter, text="We pay on Friday.", sender="Boss <alfa@example.com>", number=1, extra=""):
        source = MAIL.format(
            sender=sender,
            to="catchall@test.mycompany.com",
            subject="x",
            number=number,
            reference=letter.mail_message_id.message_id,
            text=text,
            extra=extra,
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, source)
        return self.env["dunning.reply"].search([("reminder_id", "=", letter.id)])

    def test_an_answer_freezes_the_ladder_until_it_is_dismissed(self):
        letter = self.letter()
        reply = self.receive(letter)
        self.assertEqual((reply.partner_id, reply.state, reply.author_id), (self.alfa, "waiting", self.alfa))
        self.assertIn("Friday", reply.preview)
        self.assertEqual(self.decision(day=9).reason.value, "reply_waiting")
        self.assertEqual(letter.activity_ids.user_id, self.env.user)
        self.assertIn("Friday", letter.line_ids.move_id.agreement_notice)
        letter.action_dismiss_replies()
        self.assertEqual((reply.state, reply.handled_by_id), ("dismissed", self.env.user))
        self.assertEqual(self.decision(day=9).kind.value, "send")
        self.assertFalse(letter.activity_ids)

    def test_our_answer_ends_the_waiting_and_a_note_does_not(self):
        letter = self.letter()
        reply = self.receive(letter)
        letter.message_post(body="call them", message_type="comment", subtype_xmlid="mail.mt_note")
        self.assertEqual(reply.state, "waiting")
        letter.message_post(body="Thank you", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(reply.state, "answered")

    def test_done_with_the_task_is_done_with_the_answer(self):
        letter = self.letter()
        reply = self.receive(letter)
        letter.activity_ids.action_feedback(feedback="called")
        self.assertEqual(reply.state, "answered")

    def test_an_answer_that_is_filed_elsewhere_is_recognised_by_its_reference(self):
        letter = self.letter()
        invoice = letter.line_ids.move_id
        thread = self.env["mail.thread"]
        message = {
            "message_id": "<filed@customer.example>",
            "references": letter.mail_message_id.message_id,
            "in_reply_to": "",
            "email_from": "alfa@example.com",
            "author_id": self.alfa.id,
            "body": "on Monday",
            "subject": "Re",
            "message_type": "email",
        }
        thread._message_route_process(
            {}, dict(message), [("account.move", invoice.id, None, self.env.uid, None)]
        )
        reply = letter.reply_ids
        self.assertEqual((reply.message_id.model, reply.state), ("account.move", "waiting"))
        invoice.message_post(body="fine", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(reply.state, "answered")

    def test_a_machine_that_answers_freezes_nothing(self):
        letter = self.letter()
        self.assertFalse(self.receive(letter, "out of office", extra="Auto-Submitted: auto-replied\n"))

    def test_an_answer_from_an_unknown_address_counts(self):
        letter = self.letter()
        reply = self.receive(letter, sender="New Accountant <new@elsewhere.example>")
        self.assertEqual(
            (reply.partner_id, reply.email_from), (self.alfa, '"New Accountant" <new@elsewhere.example>')
        )

    def test_several_answers_one_task(self):
        letter = self.letter()
        self.receive(letter)
        replies = self.receive(letter, "and by the way", number=2)
        self.assertEqual((len(replies), len(letter.activity_ids)), (2, 1))
        replies[0].action_dismiss()
        self.assertEqual(self.decision(day=9).reason.value, "reply_waiting")
        replies[1].action_answered()
        self.assertFalse(letter.activity_ids)

    def test_other_customers_are_not_frozen(self):
        letter = self.letter()
        self.receive(letter)
        self.debt(self.beta)
        self.assertEqual(self.decision(self.beta).kind.value, "send")

    def test_an_answer_counts_for_the_segment(self):
        letter = self.letter()
        letter.date = self.day(-1)
        self.assertEqual(self.company._get_unanswered(self.alfa, {}, self.today), {self.alfa.id: 1})
        self.receive(letter, sender="x <unknown@elsewhere.example>")
        self.assertFalse(self.company._get_unanswered(self.alfa, {}, self.today))
