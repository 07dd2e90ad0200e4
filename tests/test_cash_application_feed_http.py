"""Statements that are downloaded: from a real HTTP server on this machine, good and bad ones."""

import base64
import contextlib
import logging
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.invoice_to_cash.models.cash_application.feed_sources import HttpRequest, SourceError
from odoo.addons.invoice_to_cash.models.cash_application.feed_sources.http import fetch, is_public

from .bank_feed_common import BankFeedCommon, kaspi

SECRET = "s3cret-tökèn"


class Bank(BaseHTTPRequestHandler):
    """Answers as `server.script` says, remembers what it was asked."""

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, dict(self.headers)))
        status, headers, body = server.script
        if status == 200 and headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), server.piece):
            self.wfile.write(body[start : start + server.piece])
            time.sleep(server.pause)

    def log_message(self, *_args):
        pass

    def handle(self):
        with contextlib.suppress(OSError):  # the client hung up, as it should
            super().handle()


@tagged("post_install", "-at_install")
class TestBankFeedHttp(BankFeedCommon):
    def setUp(self):
        super().setUp()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Bank)
        self.server.daemon_threads = True
        self.server.asked, self.server.piece, self.server.pause = [], 1 << 20, 0
        self.server.script = (200, {}, kaspi(10, -4))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        # Odoo's tests forbid connections to the outside; this one stays on the machine.
        self.env["ir.config_parameter"].set_param("invoice_to_cash.bank_feed_hosts", "localhost, 127.0.0.1")
        self.url = f"http://127.0.0.1:{self.server.server_port}/statement.txt"
        self.feed = self._feed("http", http_url=self.url)

    def fetch(self, **values):
        today = self.today
        request = HttpRequest(
            **{"url": self.url, "date_from": today, "date_to": today, "limit": 10**6, "hosts": {"127.0.0.1"}}
            | values
        )
        return fetch(request, {})

    def failure(self, **values):
        with self.assertRaises(SourceError) as caught:
            self.fetch(**values)
        return caught.exception

    # --- what comes in ---------------------------------------------------
    def test_statement_is_downloaded_once(self):
        self.assertEqual(list(self.run_feed(self.feed)), ["statement.txt"])
        self.assertEqual(self.amounts(), [10, -4])
        self.assertEqual(self.logs(self.feed).source, "http")
        self.assertEqual(self.run_feed(self.feed), {}, "the same bytes again are no news")
        self.assertEqual(len(self.logs(self.feed)), 1)
        self.server.script = (200, {}, kaspi(10, -4, 7))
        self.run_feed(self.feed)
        self.assertEqual(self.amounts(), [10, -4, 7])

    def test_entity_tag_saves_the_second_download(self):
        self.server.script = (200, {"ETag": '"abc"'}, kaspi(10))
        self.run_feed(self.feed)
        self.run_feed(self.feed)
        self.assertNotIn("If-None-Match", self.server.asked[0][1])
        self.assertEqual(self.server.asked[1][1]["If-None-Match"], '"abc"')
        self.assertEqual(len(self.logs(self.feed)), 1)

    def test_dates_and_name_of_the_file(self):
        self.feed.write({"http_days": 3, "http_url": self.url + "?from={date_from}&to={date_to:%d.%m.%Y}"})
        headers = {"Content-Disposition": 'attachment; filename="../../etc/kaspi 1.txt"'}
        self.server.script = (200, headers, kaspi(10))
        self.assertEqual(list(self.run_feed(self.feed)), ["kaspi 1.txt"])
        start = fields.Date.to_string(self.today - timedelta(days=3))
        self.assertEqual(
            self.server.asked[0][0], f"/statement.txt?from={start}&to={self.today.strftime('%d.%m.%Y')}"
        )

    def test_each_way_to_prove_who_we_are(self):
        expected = {
            "basic": ("Authorization", "Basic " + base64.b64encode(f"anna:{SECRET}".encode()).decode()),
            "bearer": ("Authorization", "Bearer plain-token"),
            "header": ("X-Api-Key", "plain-token"),
        }
        for kind, (name, value) in expected.items():
            secret = SECRET if kind == "basic" else "plain-token"
            self.feed.write(
                {
                    "http_auth": kind,
                    "http_user": "anna",
                    "http_header": "X-Api-Key",
                    "http_new_secret": secret,
                }
            )
            self.run_feed(self.feed)
            self.assertEqual(self.server.asked[-1][1].get(name), value)

    def test_refused_file_is_told_once_and_not_fetched_into_the_log_again(self):
        self.server.script = (200, {}, b"<html><body>Please log in</body></html>")
        self.run_feed(self.feed)
        self.run_feed(self.feed)
        self.assertEqual(self.logs(self.feed).mapped("state"), ["refused"])
        self.assertEqual(self.feed.health, "file")
        self.assertEqual(self.feed.activity_ids.user_id, self.clerk)

    # --- what goes wrong -------------------------------------------------
    def test_errors_of_the_server_are_told_and_asked_again_later_and_later(self):
        self.server.script = (503, {}, b"")
        waits = []
        for _attempt in range(9):
            self.run_feed(self.feed)
            waits.append(round((self.feed.next_run - self.feed.last_run).total_seconds() / 60))
        self.assertEqual(waits, [5, 10, 20, 40, 80, 160, 320, 360, 360])
        self.assertIn("error 503", self.feed.error)
        self.assertEqual(self.feed.health, "error")
        self.assertEqual(len(self.feed.activity_ids), 1)
        self.server.script = (429, {"Retry-After": "43200"}, b"")
        self.run_feed(self.feed)
        self.assertEqual(self.feed.next_run - self.feed.last_run, timedelta(hours=12))
        self.server.script = (200, {}, kaspi(10))
        self.run_feed(self.feed)
        self.assertEqual((self.amounts(), self.feed.error, self.feed.failure_count), ([10], False, 0))
        self.assertFalse(self.feed.activity_ids)
        self.assertEqual(self.feed.next_run - self.feed.last_run, timedelta(minutes=30))

    def test_bad_answers_have_names(self):
        for script, code in (
            ((302, {"Location": "http://169.254.169.254/latest"}, b""), "http_redirect"),
            ((401, {}, b""), "http_denied"),
            ((404, {}, b""), "http_status"),
            ((200, {"Content-Length": "5000"}, kaspi(10)[:900]), "http_cut"),
            ((200, {"Content-Encoding": "gzip"}, b"x"), "http_failed"),
            ((200, {}, b"x" * (10**6 + 1)), "too_large"),
            ((200, {"Content-Length": str(10**12)}, b""), "too_large"),
        ):
            self.server.script = script
            self.assertEqual(self.failure().code, code)
        self.assertFalse(self.amounts())

    def test_half_a_statement_is_not_imported(self):
        self.server.script = (200, {"Content-Length": "5000"}, kaspi(10, 20))
        self.run_feed(self.feed)
        self.assertIn("in the middle of the file", self.feed.error)
        self.assertFalse(self.amounts())

    def test_a_server_that_drips_is_cut_off(self):
        self.server.piece, self.server.pause = 1, 0.05
        self.assertEqual(self.failure(seconds=0.5).code, "http_timeout")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            error = self.failure(url=f"http://127.0.0.1:{port}/", seconds=0.3)
        self.assertEqual(error.code, "http_timeout")

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.assertEqual(self.failure(url=f"http://127.0.0.1:{port}/").code, "http_failed")
        self.assertEqual(
            self.failure(url="https://127.0.0.1:" + self.url.rpartition(":")[2]).code, "http_failed"
        )

    # --- not into our network --------------------------------------------
    def test_private_addresses_need_the_administrator(self):
        self.assertEqual(self.failure(hosts=()).code, "http_plain")
        self.assertEqual(self.failure(hosts=(), url=self.url.replace("http:", "https:")).code, "http_private")
        self.env["ir.config_parameter"].set_param("invoice_to_cash.bank_feed_hosts", False)
        self.run_feed(self.feed)
        self.assertIn("without encryption", self.feed.error)
        self.assertFalse(self.server.asked, "nothing was sent")

    def test_a_name_that_resolves_to_the_inside_is_inside(self):
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", 443))]
        inner = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443))]
        with patch.object(socket, "getaddrinfo", return_value=answer + inner):
            self.assertEqual(self.failure(url="https://bank.example/").code, "http_private")

    def test_addresses_of_the_internet(self):
        for inside in (
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
            *("0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1"),
            *("ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::"),
        ):
            self.assertFalse(is_public(inside), inside)
        for outside in ("8.8.8.8", "185.22.66.15", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"):
            self.assertTrue(is_public(outside), outside)

    # --- secrets and rights ----------------------------------------------
    def test_secret_is_written_and_never_read(self):
        feed = self.feed.with_user(self.manager)
        feed.write({"http_auth": "bearer", "http_new_secret": "plain-token"})
        self.assertEqual(self.feed.sudo().http_secret, "plain-token")
        self.assertTrue(feed.http_has_secret)
        self.assertFalse(feed.http_new_secret)
        with self.assertRaises(AccessError):
            feed.read(["http_secret"])
        with self.assertRaises(AccessError):
            feed.search([("http_secret", "=like", "p%")])
        self.assertFalse(feed.copy({"name": "Copy"}).http_has_secret)
        feed.http_days = 7
        self.assertTrue(feed.http_has_secret)
        feed.http_url = "https://elsewhere.example/"
        self.assertFalse(feed.http_has_secret, "a secret is for the host it was given for")

    def test_secret_is_in_no_log_error_or_message(self):
        self.feed.write({"http_auth": "header", "http_header": "X-Key", "http_new_secret": "plain-token"})
        self.feed.http_url = self.url + "?token=in-the-address"
        # What is looked at is the download; that a debug log of the database names what is written is Odoo's.
        self.feed.flush_recordset()
        with self.assertLogs(level=logging.DEBUG) as caught:
            logging.getLogger("x").info("at least one")
            for script in ((500, {}, b""), (200, {"Content-Length": "99"}, b"x"), (200, {}, b"junk")):
                self.server.script = script
                self.run_feed(self.feed)
        self.feed.http_new_secret = "new\r\nX-Evil: 1"
        self.run_feed(self.feed)
        seen = "\n".join(caught.output) + str(self.feed.error) + str(self.feed.file_error)
        seen += "".join(self.feed.message_ids.mapped("body")) + str(self.logs(self.feed).mapped("warnings"))
        for secret in ("plain-token", "in-the-address", "X-Evil"):
            self.assertNotIn(secret, seen)
        self.assertFalse(any("X-Evil" in headers for _path, headers in self.server.asked))

    def test_configuration_is_checked(self):
        for values in (
            {"http_url": "ftp://bank.example/"},
            {"http_url": "file:///etc/passwd"},
            {"http_url": False},
            {"http_url": "https://anna:pw@bank.example/"},
            {"http_auth": "header", "http_header": "X: y"},
            {"http_days": -1},
            {"interval_minutes": 1},
        ):
            with self.assertRaises(ValidationError):
                self.feed.write(values)

    def test_clerk_may_ask_now_and_others_may_not(self):
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            feed = self.feed.with_env(self.env(cr=cr, user=self.clerk.id))
            action = feed.action_pull()
        self.env.invalidate_all()
        self.assertIn("2 new lines", action["params"]["message"])
        self.assertEqual(self.amounts(), [10, -4])
        salesman = self._user("i2c_feed_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.feed.with_user(salesman).action_pull()
