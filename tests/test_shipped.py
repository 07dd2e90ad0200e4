"""Letters and ladders of older versions: renewed where nobody has changed them, left alone elsewhere."""

from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from ..core import shipped
from ..models.dunning.shipped import FILES, MODULE, fingerprint


@tagged("post_install", "-at_install")
class TestShippedRecords(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.env["ir.module.module"]._load_module_terms([MODULE], ["ru_RU"])
        cls.model = cls.env["invoice_to_cash.shipped"]
        cls.history = cls.model._get_history()
        cls.letter = cls.env.ref(f"{MODULE}.mail_template_reminder_business")
        cls.ladder = cls.env.ref(f"{MODULE}.ladder_standard")
        cls.person = cls.env.ref("base.user_admin")
        cls.words = cls.letter.body_html
        cls.russian = cls.letter.with_context(lang="ru_RU").body_html

    def shipped(self):
        found = {}
        for path in FILES:
            with file_open(f"{MODULE}/{path}", "rb") as file:
                found |= shipped.read(file.read())
        return found

    def as_old(self, record, **values):
        """The record as an earlier version shipped it: saved by the system alone, and its print is known."""
        record.with_user(SUPERUSER_ID).write(values)
        self.env.flush_all()
        top = record.ladder_id if record._name == "dunning.step" else record
        self.history.setdefault(top.get_external_id()[top.id].split(".")[1], []).append(fingerprint(top))

    def refresh(self):
        with patch.object(type(self.model), "_get_history", return_value=self.history):
            renewed = self.model._refresh()
        self.env.invalidate_all()
        return renewed

    def test_each_shipped_record_is_known_as_it_is_in_a_new_database(self):
        now = self.shipped()
        self.assertGreaterEqual(len(now), 40)
        for name, told in now.items():
            record = self.env.ref(f"{MODULE}.{name}")
            self.assertEqual(fingerprint(record), told, name)
            # Not so? Then run dev/shipped: it notes what is shipped now.
            self.assertIn(told, self.history.get(name, ()), name)
        self.assertEqual(self.refresh(), [])

    def test_an_old_letter_that_nobody_changed_is_renewed_in_every_language(self):
        self.as_old(self.letter, subject="Old words", body_html="<p>Old words.</p>")
        self.letter.with_user(SUPERUSER_ID).with_context(lang="ru_RU").subject = "Старые слова"
        self.assertEqual(self.refresh(), ["mail_template_reminder_business"])
        self.assertEqual(self.letter.body_html, self.words)
        self.assertEqual(self.letter.with_context(lang="ru_RU").body_html, self.russian)
        self.assertNotIn("Старые", self.letter.with_context(lang="ru_RU").subject)
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("name", "=", "mail_template_reminder_business")]
        )
        self.assertTrue(data.noupdate)
        self.assertEqual(self.refresh(), [])

    def test_a_letter_that_a_person_saved_stays(self):
        self.as_old(self.letter, body_html="<p>Old words.</p>")
        self.letter.with_user(self.person).subject = self.letter.subject
        self.assertEqual(self.refresh(), [])
        self.assertIn("Old words", self.letter.body_html)

    def test_a_letter_whose_translation_a_person_changed_stays(self):
        self.as_old(self.letter, subject="Old words")
        self.letter.with_user(self.person).with_context(lang="ru_RU").subject = "Мои слова"
        self.assertEqual(self.refresh(), [])
        self.as_old(self.letter, subject="Old words")
        self.letter.with_user(self.person).update_field_translations("subject", {"ru_RU": "Мои слова"})
        self.assertEqual(self.refresh(), [])
        self.assertEqual(self.letter.with_context(lang="ru_RU").subject, "Мои слова")

    def test_words_that_were_never_shipped_stay(self):
        self.letter.with_user(SUPERUSER_ID).body_html = "<p>Nobody ever shipped this.</p>"
        self.assertEqual(self.refresh(), [])

    def test_a_ladder_is_renewed_as_a_whole_or_not_at_all(self):
        step = self.ladder.step_ids.filtered(lambda one: one.tone == "official")
        self.as_old(step, offset=9, holds_deliveries=False)
        self.assertEqual(self.refresh(), ["ladder_standard"])
        self.assertEqual((step.offset, step.holds_deliveries), (7, True))
        self.assertEqual(len(self.ladder.step_ids), 6)
        # Another step of the same ladder is a person's own.
        self.as_old(step, offset=9)
        other = self.ladder.step_ids.filtered(lambda one: one.tone == "soft")
        other.with_user(self.person).offset = -5
        self.history["ladder_standard"].append(fingerprint(self.ladder))
        self.assertEqual(self.refresh(), [])
        self.assertEqual((step.offset, other.offset), (9, -5))
