import datetime
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import hash_sign

from ..controllers import tracked_link as routes
from ..core.rate_limit import RateLimit
from ..models.tracking import tracked_link
from .common import CUSTOMER_AGENT
from .tracking_common import TrackingCommon

GOOGLE = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
BARRACUDA = "Barracuda Sentinel (EE)"
APPLE = "Mozilla/5.0"


class OpeningsCommon(TrackingCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tracking_pixel = True
        # The test's own address is the office's nowhere.
        cls.env["ir.config_parameter"].set_param("invoice_to_cash.internal_networks", "203.0.113.7")

    def get(self, path, agent=CUSTOMER_AGENT, method="GET", **headers):
        self.env.flush_all()
        answer = self.url_open(
            path, method=method, headers={"User-Agent": agent, **headers}, allow_redirects=False
        )
        self.env.invalidate_all()
        return answer

    def sent_invoice(self, **values):
        """An invoice sent a minute ago, and its mail."""
        invoice = self.make_invoice(**values)
        with freeze_time(fields.Datetime.now() - timedelta(minutes=1)):
            self.send(invoice)
        return invoice, self.server.messages[-1]


@tagged("post_install", "-at_install")
class TestPixel(OpeningsCommon):
    def test_off_by_default(self):
        self.assertFalse(self.env["res.company"].create({"name": "New"}).tracking_pixel)
        self.company.tracking_pixel = False
        _invoice, mail = self.sent_invoice()
        self.assertFalse(self.pixel_path(mail))

    def test_a_person_moves_the_status(self):
        invoice, mail = self.sent_invoice()
        answer = self.get(self.pixel_path(mail))
        self.assertEqual(answer.headers["Content-Type"], "image/gif")
        self.assertEqual(invoice.tracking_status, "viewed")
        event = invoice.tracking_event_ids.filtered(lambda one: one.kind == "viewed")
        self.assertEqual((event.channel, event.client), ("mail", "desktop"))
        self.assertEqual(event.recipient_id, self.customer)
        self.assertFalse(event.detail)

    def test_machines_do_not(self):
        for agent in (GOOGLE, BARRACUDA, APPLE, ""):
            with self.subTest(agent=agent):
                invoice, mail = self.sent_invoice()
                self.get(self.pixel_path(mail), agent)
                self.assertEqual(invoice.tracking_status, "sent")
                self.assertEqual(self.kinds(invoice)[-1], "view_unverified")
                # A person after the machine, within the same hour, counts all the same.
                self.get(self.pixel_path(mail))
                self.assertEqual(invoice.tracking_status, "viewed")

    def test_head_and_too_fast(self):
        invoice, mail = self.sent_invoice()
        self.get(self.pixel_path(mail), method="HEAD")
        self.assertEqual(self.kinds(invoice)[-1], "sent")
        fast = self.make_invoice()
        self.send(fast)
        self.get(self.pixel_path(self.server.messages[-1]))
        self.assertEqual(fast.tracking_status, "sent")
        self.assertEqual(self.kinds(fast)[-1], "view_unverified")

    def test_once_an_hour_per_recipient(self):
        invoice, mail = self.sent_invoice()
        for _n in range(5):
            self.get(self.pixel_path(mail))
        self.assertEqual(self.kinds(invoice).count("viewed"), 1)
        self.age(invoice, hours=2)
        with patch.object(routes, "LIMIT", RateLimit(20, timedelta(hours=1))):
            self.get(self.pixel_path(mail))
        self.assertEqual(self.kinds(invoice).count("viewed"), 2)

    def test_two_workers_write_one_event(self):
        """What the first look does not see yet, the unique index catches."""
        invoice, _mail = self.sent_invoice()
        invoice._mark_viewed("mail", recipient=self.customer)
        self.env.flush_all()
        # As if the row of the other worker was not there when the statement began.
        source = "AND NOT EXISTS (SELECT FROM invoice_tracking_event event"
        from ..models.tracking import openings

        blind = openings.NOTE_OPENING.replace(source, source + " JOIN res_lang ON FALSE")
        self.assertNotEqual(blind, openings.NOTE_OPENING)
        with patch.object(openings, "NOTE_OPENING", blind):
            self.assertFalse(invoice._mark_viewed("mail", recipient=self.customer))
        self.assertEqual(self.kinds(invoice).count("viewed"), 1)

    def test_each_recipient_has_a_token_of_its_own(self):
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id, "email": "colleague@stroy.example"}
        )
        first = self.make_invoice()
        second = self.make_invoice()
        paths = {
            tracked_link.PIXEL_PATH + move._get_pixel_url(partner).rsplit("/", 1)[1]
            for move in (first, second)
            for partner in (self.customer, colleague)
        }
        self.assertEqual(len(paths), 4)
        link, other = first._get_tracked_url(), second._get_tracked_url()
        body = f'<a href="{link}">x</a><a href="{other}">y</a>'
        own = first._personalize_links(body, colleague)
        self.assertNotIn(link, own)
        self.assertIn(other, own, "a link of another invoice is not signed anew")
        token = own.split("t=")[1].split('"')[0]
        self.assertEqual(self.env["account.move"]._open_tracked_token(token)[:2], (first, colleague))

    def test_a_token_is_good_for_one_thing_only(self):
        invoice, mail = self.sent_invoice()
        pixel = self.pixel_path(mail).rsplit("/", 1)[1].removesuffix(".gif")
        link = self.link_path(mail).split("t=")[1]
        before = self.kinds(invoice)
        self.assertEqual(self.get(f"/i2c/invoice?t={pixel}").status_code, 404)
        self.get(f"/i2c/p/{link}.gif")
        self.assertEqual(self.kinds(invoice), before)

    def test_bad_tokens_get_the_same_picture(self):
        invoice, mail = self.sent_invoice()
        good = self.pixel_path(mail)
        old = hash_sign(
            self.env(su=True),
            tracked_link.PIXEL_SCOPE,
            [invoice.id, self.customer.id, 0],
            expiration=timedelta(seconds=-1),
        )
        answers = set()
        for path in (good, good[:-9] + "AAAAA.gif", "/i2c/p/x.gif", f"/i2c/p/{old}.gif", "/i2c/p/%00.gif"):
            answer = self.get(path)
            answers.add((answer.status_code, answer.content, answer.headers["Cache-Control"]))
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.kinds(invoice).count("viewed"), 1)

    def test_queries(self):
        """None for a bad token, one for a good one, none for one that asks too often."""
        invoice, mail = self.sent_invoice()
        invoice._mark_viewed("link")
        self.age(invoice, hours=2)
        token = self.pixel_path(mail).rsplit("/", 1)[1].removesuffix(".gif")
        moves = self.env["account.move"].sudo()
        moves._open_pixel_token(token)  # the secret is in memory
        with self.assertQueryCount(0):
            self.assertIsNone(moves._open_pixel_token(token[:-4] + "AAAA"))
            self.assertIsNone(moves._open_pixel_token("nonsense"))
        with self.assertQueryCount(1):
            move_id, partner_id, _sent = moves._open_pixel_token(token)
            moves.browse(move_id)._note_opening("viewed", "mail", None, partner_id, "desktop", True)
        self.assertEqual(self.kinds(invoice).count("viewed"), 2)

    def test_the_rate_is_limited_per_token(self):
        invoice, mail = self.sent_invoice()
        path = self.pixel_path(mail)
        with (
            patch.object(routes, "LIMIT", RateLimit(2, timedelta(hours=1))),
            patch.object(type(invoice), "_note_opening", autospec=True) as note,
        ):
            answers = {self.get(path).status_code for _n in range(6)}
        self.assertEqual(note.call_count, 2)
        self.assertEqual(answers, {200})

    def test_own_staff_and_own_addresses_never_count(self):
        invoice, mail = self.sent_invoice()
        self.env["ir.config_parameter"].set_param("invoice_to_cash.internal_networks", "127.0.0.0/8, ::1")
        for path in (self.pixel_path(mail), self.link_path(mail)):
            self.get(path)
        self.assertEqual(self.kinds(invoice)[-1], "sent")
        self.env["ir.config_parameter"].set_param("invoice_to_cash.internal_networks", "")
        self.authenticate(self.env.user.login, self.env.user.login)
        for path in (self.pixel_path(mail), self.link_path(mail)):
            self.get(path)
        self.assertEqual(self.kinds(invoice)[-1], "sent")
        self.logout()
        # Who works for us reads the copy that he got himself.
        self.assertFalse(invoice._get_pixel_html(self.salesperson.partner_id, self.company))
        self.get(invoice._get_pixel_url(self.salesperson.partner_id)[len(invoice.get_base_url()) :])
        self.assertEqual(self.kinds(invoice)[-1], "sent")

    def test_a_customer_can_be_excluded(self):
        self.customer.opens_not_tracked = True
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id, "email": "contact@stroy.example"}
        )
        self.assertTrue(contact.opens_not_tracked, "the exclusion is the whole customer's")
        invoice, mail = self.sent_invoice()
        self.assertFalse(self.pixel_path(mail))
        self.get(self.link_path(mail))
        self.assertEqual((self.kinds(invoice)[-1], invoice.tracking_status), ("sent", "sent"))

    def test_the_plain_text_has_no_picture(self):
        _invoice, mail = self.sent_invoice()
        self.assertTrue(self.pixel_path(mail))
        self.assertNotIn("/i2c/p/", mail.get_body(("plain",)).get_content())

    def test_openings_are_purged_after_their_time(self):
        invoice, mail = self.sent_invoice()
        self.get(self.pixel_path(mail), GOOGLE)
        self.get(self.pixel_path(mail))
        self.company.tracking_keep_days = 30
        self.age(invoice, days=29)
        self.env["invoice.tracking.event"]._purge_openings()
        self.assertEqual(self.kinds(invoice)[-2:], ["view_unverified", "viewed"])
        self.age(invoice, days=2)
        self.env["invoice.tracking.event"]._purge_openings()
        self.assertEqual(self.kinds(invoice), ["created", "queued", "sent"])
        self.assertEqual(invoice.tracking_status, "viewed")

    def test_the_chatter_does_not_name_the_reader(self):
        invoice, mail = self.sent_invoice()
        self.get(self.pixel_path(mail))
        body = invoice.message_ids.filtered(lambda message: "Viewed" in (message.body or "")).body
        self.assertTrue(body)
        self.assertNotIn("stroyservis", body)


@tagged("post_install", "-at_install")
class TestPortalVisits(OpeningsCommon):
    def test_page_and_pdf(self):
        user = self.env["res.users"].create(
            {
                "name": "Customer",
                "login": "portal-customer",
                "password": "portal-customer",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        invoice, _mail = self.sent_invoice()
        self.authenticate(user.login, user.login)
        self.get(f"/my/invoices/{invoice.id}", "curl/8.4.0")  # whoever has signed in is a person
        self.assertEqual(invoice.tracking_status, "viewed")
        self.get(f"/my/invoices/{invoice.id}?report_type=pdf&download=true")
        events = invoice.tracking_event_ids.sorted("id")[-2:]
        self.assertEqual(
            [(event.kind, event.channel, event.recipient_id) for event in events],
            [("viewed", "portal", self.customer), ("pdf_viewed", "portal", self.customer)],
        )
        other = self.make_invoice(partner=self.make_customer("Other", email="o@o.example"))
        self.get(f"/my/invoices/{other.id}")
        self.assertEqual(other.tracking_status, "created")

    def test_the_list_tells_the_status(self):
        user = self.env["res.users"].create(
            {
                "name": "Customer",
                "login": "portal-customer",
                "password": "portal-customer",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        self.make_invoice(due_in=-5)
        self.authenticate(user.login, user.login)
        self.assertIn("Overdue", self.get("/my/invoices").text)

    def test_by_the_link_of_the_mail_to_the_pdf(self):
        invoice, mail = self.sent_invoice()
        self.get(self.link_path(mail))
        self.get(f"/my/invoices/{invoice.id}")
        self.get(f"/my/invoices/{invoice.id}?report_type=pdf")
        self.assertEqual(self.kinds(invoice)[-2:], ["viewed", "pdf_viewed"])

    def test_times_are_of_the_day_of_the_customer_card(self):
        invoice, mail = self.sent_invoice()
        self.get(self.link_path(mail))
        self.assertTrue(self.customer.receivable_last_event.startswith(f"{invoice.name}: Viewed, "))
        self.assertTrue(invoice.last_event.startswith("Viewed, "))
        self.assertIsInstance(invoice.first_viewed_at, datetime.datetime)


@tagged("post_install", "-at_install")
class TestHealth(OpeningsCommon):
    def test_an_address_that_nobody_reaches_is_told(self):
        parameter = self.env["ir.config_parameter"]
        for address, good in (
            ("http://localhost:8069", False),
            ("http://odoo.local", False),
            ("https://192.168.1.5", False),
            ("http://erp.seller.example", False),  # not encrypted
            ("ftp://erp.seller.example", False),
            ("erp.seller.example", False),
            ("https://erp.seller.example", True),
        ):
            parameter.set_param("web.base.url", address)
            self.assertEqual(not self.company._get_tracking_address_fault(), good, address)

    def test_the_picture_is_loaded_over_the_address_of_the_mails(self):
        parameter = self.env["ir.config_parameter"]
        parameter.set_param("web.base.url", self.base_url())
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            self.assertEqual(self.company._probe_tracking(), "")
        parameter.set_param("web.base.url", f"{self.base_url()}/web/login?x=")
        with self.allow_requests(all_requests=True):
            self.assertIn("no picture", self.company._probe_tracking())
        self.company.action_check_tracking_health()
        self.assertEqual(self.company.tracking_health, "bad")
        self.assertTrue(self.company.tracking_health_text)
