"""A real mail over SMTP, opened in Chromium by a customer, by a proxy and by a scanner."""

import json
import time

from odoo.tests import tagged

from ..core.openings import SECONDS_TOO_FAST
from .common import CUSTOMER_AGENT
from .test_tracking_openings import BARRACUDA, GOOGLE, OpeningsCommon

# The mail is shown as a mail program shows it: its HTML, with its pictures.
SHOW = """
document.body.innerHTML = %s;
Promise.all([...document.images].map((image) => image.complete || new Promise((done) => {
    image.onload = image.onerror = done;
}))).then(() => console.log("test successful"));
"""


@tagged("post_install", "-at_install")
class TestOpenedInChromium(OpeningsCommon):
    def open_mail(self, mail, agent):
        with self.browser_with_agent(agent):
            self.browser_js("/web/health", SHOW % json.dumps(self.html(mail)), login=None)
        self.env.invalidate_all()

    def follow_link(self, mail, agent, number):
        with self.browser_with_agent(agent):
            self.browser_js(
                self.link_path(mail),
                "console.log('test successful')",
                ready=f"document.body.innerText.includes({json.dumps(number)})",
                login=None,
            )
        self.env.invalidate_all()

    def test_customer_proxy_and_scanner(self):
        mails, invoices = {}, {}
        for who in ("customer", "proxy", "scanner", "nobody"):
            partner = self.make_customer(who.title(), email=f"{who}@{who}.example")
            invoice = self.make_invoice(partner=partner)
            self.send(invoice)
            [mails[who]] = self.mails_to(partner.email)
            invoices[who] = invoice
            self.assertEqual(invoice.tracking_status, "sent")
        # The scanner reads along while the mail arrives: every picture and every link, at once.
        self.open_mail(mails["scanner"], BARRACUDA)
        self.follow_link(mails["scanner"], BARRACUDA, invoices["scanner"].name)
        # A minute later: persons and proxies. The moment of sending stands in the picture's token.
        for who in ("customer", "proxy"):
            self.age(invoices[who], minutes=1)
        self.assertEqual(len({self.pixel_path(mail) for mail in mails.values()}), 4)
        self.wait_until_not_too_fast()
        self.open_mail(mails["proxy"], GOOGLE)
        self.open_mail(mails["customer"], CUSTOMER_AGENT)

        status = {who: invoice.tracking_status for who, invoice in invoices.items()}
        self.assertEqual(status, {"customer": "viewed", "proxy": "sent", "scanner": "sent", "nobody": "sent"})
        opened = {
            who: [
                (event.kind, event.channel, event.client)
                for event in invoice.tracking_event_ids.sorted("id")
                if event.kind in ("viewed", "view_unverified")
            ]
            for who, invoice in invoices.items()
        }
        self.assertEqual(
            opened,
            {
                "customer": [("viewed", "mail", "desktop")],
                "proxy": [("view_unverified", "mail", "proxy")],
                "scanner": [("view_unverified", "mail", "scanner")],
                "nobody": [],
            },
        )
        # The one behind the proxy clicks: that is a person.
        self.follow_link(mails["proxy"], CUSTOMER_AGENT, invoices["proxy"].name)
        self.assertEqual(invoices["proxy"].tracking_status, "viewed")
        domain = [("sent_at", "!=", False), ("first_viewed_at", "=", False)]
        never = self.env["account.move"].search(
            [*domain, ("id", "in", [invoice.id for invoice in invoices.values()])]
        )
        self.assertEqual(never, invoices["scanner"] | invoices["nobody"])

    def wait_until_not_too_fast(self):
        """What is opened sooner is taken for a scanner's; Chromium has used most of the time up already."""
        time.sleep(SECONDS_TOO_FAST)
