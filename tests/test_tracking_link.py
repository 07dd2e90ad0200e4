import datetime

from odoo.tests import HttpCase, tagged

from .common import CUSTOMER_AGENT, ReceivablesCommon


@tagged("post_install", "-at_install")
class TestTrackedLink(ReceivablesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice()

    def url_open(self, url, *args, headers=None, **kwargs):
        """As a customer's browser; a bare script is taken for a robot."""
        return super().url_open(
            url, *args, headers={"User-Agent": CUSTOMER_AGENT, **(headers or {})}, **kwargs
        )

    def path(self, **kwargs):
        url = self.invoice._get_tracked_url(**kwargs)
        return url[url.index("/i2c/") :]

    def test_a_customer_opens_the_invoice_from_the_mail(self):
        page = self.url_open(self.path())
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)
        self.assertNotIn("access_token", page.url)
        self.invoice.invalidate_recordset()
        self.assertEqual(self.invoice.tracking_status, "viewed")
        event = self.invoice.tracking_event_ids.filtered(lambda event: event.kind == "viewed")
        self.assertEqual(event.channel, "link")
        self.assertEqual(event.recipient_id, self.customer)
        self.assertEqual(event.client, "desktop")

    def test_the_page_speaks_the_language_of_the_mail(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.customer.lang = "ru_RU"
        page = self.url_open(self.path())
        self.assertIn("/ru/", page.url)
        self.assertIn("Войти", page.text)

    def test_the_pay_button_leads_to_the_payment_form(self):
        page = self.url_open(self.path(target="pay"))
        self.assertEqual(page.status_code, 200)
        self.assertIn("payment=True", page.url)

    def test_the_link_opens_this_invoice_only(self):
        other = self.make_invoice()
        self.url_open(self.path())
        page = self.url_open(f"/my/invoices/{other.id}")
        self.assertNotIn(other.name, page.text)

    def test_bad_tokens_get_one_answer(self):
        good = self.path()
        answers = set()
        for path in (
            "/i2c/invoice",
            "/i2c/invoice?t=",
            "/i2c/invoice?t=abc",
            good[:-3] + "xyz",
            good + "A" * 9,
        ):
            page = self.url_open(path)
            answers.add((page.status_code, page.text.count("This link no longer works")))
            self.assertNotIn(self.invoice.name, page.text)
        self.assertEqual(len(answers), 1, answers)
        self.assertEqual(next(iter(answers))[0], 404)
        self.invoice.invalidate_recordset()
        self.assertEqual(self.invoice.tracking_status, "created")

    def test_scanners_staff_and_head_requests_do_not_count(self):
        self.invoice._mark_sent()
        self.url_open(self.path(), method="HEAD")
        self.url_open(self.path())
        self.invoice.invalidate_recordset()
        self.assertEqual(self.invoice.tracking_status, "sent", "an open within seconds is a scanner's")
        self.assertIn("view_unverified", self.invoice.tracking_event_ids.mapped("kind"))
        later = self.make_invoice()
        self.invoice = later
        self.authenticate(self.env.user.login, self.env.user.login)
        self.url_open(self.path())
        later.invalidate_recordset()
        self.assertEqual(later.tracking_status, "created", "own staff has moved the status")

    def test_an_invoice_taken_back_is_not_shown(self):
        path = self.path()
        self.invoice.button_draft()
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_the_link_expires(self):
        move, _partner, target = self.env["account.move"]._open_tracked_token(self.path().split("t=")[1])
        self.assertEqual((move, target), (self.invoice, "invoice"))
        from odoo.tools import hash_sign

        from ..models.tracking.tracked_link import SCOPE

        old = hash_sign(
            self.env(su=True),
            SCOPE,
            [self.invoice.id, self.customer.id, "invoice"],
            expiration=datetime.timedelta(seconds=-1),
        )
        self.assertFalse(self.env["account.move"]._open_tracked_token(old)[0])
