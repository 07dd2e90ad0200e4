"""What jobs, the mail gateway and visitors cause to be written down is in the company's language."""

from odoo.tests import new_test_user, tagged

from .tracking_common import TrackingCommon


@tagged("post_install", "-at_install")
class TestTrackingLanguage(TrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.company.partner_id.lang = "ru_RU"
        cls.action = cls.env["tracking.action"].create(
            {
                "name": "Rests a day",
                "situation": "created_not_sent",
                "channel": "note",
                "delay": 24,
                "delay_unit": "hours",
            }
        )
        cls.action.update_field_translations("name", {"ru_RU": "Лежит сутки"})

    def note(self, invoice):
        return "".join(map(str, invoice.message_ids.mapped("body")))

    def test_the_job_speaks_as_the_company(self):
        invoice = self.make_invoice()
        self.age(invoice, hours=25)
        self.run_actions()
        self.assertIn("Лежит сутки", self.note(invoice))
        self.assertIn("Лежит сутки", invoice.tracking_event_ids.mapped("detail"))

    def test_a_task_speaks_as_its_owner(self):
        reader = new_test_user(self.env, "reader", groups="account.group_account_invoice", lang="en_US")
        self.action.write({"channel": "activity", "recipient": "user", "user_id": reader.id})
        invoice = self.make_invoice()
        self.age(invoice, hours=25)
        self.run_actions()
        self.assertIn("Rests a day", self.tasks(invoice).mapped("summary"))

    def test_a_visit_is_noted_in_the_companys_language(self):
        invoice = self.make_invoice()
        channel = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "invoice.tracking.event"),
                ("field_id.name", "=", "channel"),
                ("value", "=", "portal"),
            ]
        )
        channel.update_field_translations("name", {"ru_RU": "Кабинет"})
        self.env.invalidate_all()
        invoice.with_user(self.env.ref("base.public_user")).sudo()._mark_viewed("portal")
        self.assertIn("Кабинет", self.note(invoice))

    def test_a_person_is_noted_in_his_own(self):
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice", lang="en_US")
        at_work = self.company.with_user(clerk)
        self.assertEqual(at_work.with_context(lang="en_US")._get_note_language(), "en_US")
        self.assertEqual(at_work.with_context(lang=False)._get_note_language(), "ru_RU")
