"""The main job on the demo company, step by step, with a table at the end. Called by dev/run."""

import argparse
import base64
import logging
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import requests
import services

BLUE, BOLD, OFF = "\033[1;34m", "\033[1m", "\033[0m"


class Summary:
    """Rows (part, what, seconds) and how they are printed."""

    def __init__(self):
        self.rows = []

    @contextmanager
    def part(self, title):
        print(f"{BLUE}==>{OFF} {title}", flush=True)
        start = time.monotonic()
        lines = []
        yield lines
        seconds = time.monotonic() - start
        for index, (what, value) in enumerate(lines or [("", "")]):
            print(f"    {what}: {value}", flush=True)
            self.rows.append(
                (title if not index else "", what, str(value), f"{seconds:.1f}" if not index else "")
            )

    def table(self) -> str:
        head = ("Part", "What", "Result", "Seconds")
        widths = [max(len(row[column]) for row in [head, *self.rows]) for column in range(4)]
        bar = "+".join("-" * (width + 2) for width in widths)
        lines = [f"+{bar}+"]
        for row in [head, *self.rows]:
            if row[0]:
                lines += [] if row is head else [f"+{bar}+"]
            cells = [f" {cell:<{width}} " for cell, width in zip(row, widths, strict=True)]
            cells[3] = f" {row[3]:>{widths[3]}} "
            lines.append("|" + "|".join(cells) + "|")
        return "\n".join([*lines, f"+{bar}+"])


class MainJob:
    def __init__(self, database, port, work, mailbox):
        import odoo
        import odoo.service.model
        from odoo.modules.registry import Registry
        from odoo.tools import config

        config.parse_config(
            ["-c", str(work / "odoo.conf"), "-d", database, "--log-level=warn"], setup_logging=True
        )
        self.odoo, self.database, self.port, self.work, self.mailbox = odoo, database, port, work, mailbox
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's own chatter
        self.registry = Registry(database)
        self.summary = Summary()
        self.url = f"http://127.0.0.1:{port}"
        self.run = work / "run"

    @contextmanager
    def env(self, login="admin"):
        """A transaction of its own, committed at the end, as a request of that user would be."""
        with self.registry.cursor() as cr:
            root = self.odoo.api.Environment(cr, self.odoo.SUPERUSER_ID, {})
            user = root["res.users"].search([("login", "=", login)])
            context = {"lang": "en_US", "tz": user.tz, "allowed_company_ids": user.company_ids.ids}
            yield self.odoo.api.Environment(cr, user.id, context)

    def wait(self, what, check, seconds=120):
        end = time.monotonic() + seconds
        while True:
            with self.env() as env:
                if check(env):
                    return
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: nothing after {seconds} seconds; see {self.work}/log/server.log")
            time.sleep(0.5)

    # --- the steps --------------------------------------------------------
    def load_demo(self):
        from odoo.addons.invoice_to_cash.demo import load
        from odoo.addons.invoice_to_cash.demo.plan import make_plan

        with self.summary.part("Demo company") as lines, self.env() as env:
            parameters = env["ir.config_parameter"].sudo()
            parameters.set_param("web.base.url", self.url)
            parameters.set_param("web.base.url.freeze", "True")
            parameters.set_param("report.url", self.url)
            env["ir.mail_server"].create(
                {"name": "Local mailbox", "smtp_host": "127.0.0.1", "smtp_port": self.mailbox.port}
            )
            # The first company of a new database has a chart without a country.
            facts = make_plan(env.company._receivables_today()).company
            env.company.write(
                {
                    "country_id": env.ref("base.kz").id,
                    "vat": facts.tax_id,
                    "logo": base64.b64encode((self.work.parent / "static/description/icon.png").read_bytes()),
                    **{
                        name: getattr(facts, name)
                        for name in ("name", "street", "city", "zip", "phone", "email", "website")
                    },
                }
            )
            env.user.write({"email": facts.email, "tz": "Asia/Almaty"})
            env["account.chart.template"].try_loading("kz", company=env.company, install_demo=False)
            company = load(env, company=env.company)
            company.write({"dunning_enabled": True, "dunning_auto_send": False})
            env["invoicing.rule"].create(
                [
                    {"name": "Retail: send at once", "customer_kind": "retail", "company_id": company.id},
                    {"name": "Up to 20 million: send at once", "amount_to": 20e6, "company_id": company.id},
                    {"name": "Large deals: a draft to look at", "depth": "draft", "company_id": company.id},
                ]
            )
            # The demo has to show reminders on any day of the week.
            env["dunning.ladder"].search([]).skip_weekend = False
            invoices = env["account.move"].search(
                [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
            )
            lines.append(("company", company.name))
            lines.append(("customers", len(invoices.commercial_partner_id)))
            lines.append(("invoices of a year", len(invoices)))
            status = dict(
                env["account.move"]._read_group(
                    [("id", "in", invoices.ids)], ["tracking_status"], ["__count"]
                )
            )
            lines.append(
                ("of them", ", ".join(f"{number} {name}" for name, number in sorted(status.items())))
            )
            self.company_id = company.id

    def start_server(self):
        with self.summary.part("Odoo starts") as lines:
            log = self.work / "log" / "server.log"
            self.server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "odoo", "-c", str(self.work / "odoo.conf"), "-d", self.database),
                    *(
                        "--http-port",
                        str(self.port),
                        "--max-cron-threads=1",
                        "--db-filter",
                        f"^{self.database}$",
                    ),
                ],
                cwd=self.work / "addons",
                stdout=log.open("w", encoding="utf-8"),
                stderr=subprocess.STDOUT,
                env=os.environ,
            )
            for _try in range(240):
                try:
                    if requests.get(f"{self.url}/web/health", timeout=5).ok:
                        break
                except requests.RequestException:
                    pass
                if self.server.poll() is not None:
                    raise RuntimeError(f"Odoo stopped; its log: {log}")
                time.sleep(0.5)
            else:
                raise TimeoutError(f"Odoo does not answer on {self.url}; its log: {log}")
            lines.append(("address", self.url))

    def confirm_orders(self):
        with self.summary.part("Orders confirmed, invoices made and sent") as lines:
            with self.env() as env:
                orders = env["sale.order"].search([("state", "=", "draft")], order="id")
                for order in orders:
                    order.with_user(order.user_id or env.user).action_confirm()
                invoices = orders.invoice_ids
                to_send = invoices.filtered("sending_data")
                self.order_ids, self.invoice_ids = orders.ids, to_send.ids
                total = env.company.currency_id.format(sum(invoices.mapped("amount_total")))
                lines.append(("orders", len(orders)))
                lines.append(
                    (
                        "invoices",
                        f"{len(invoices)}, {total}",
                    )
                )
                waiting = orders.filtered("invoicing_review")
                lines.append(("wait for a look", len(waiting)))
                codes = ", ".join(invoice.payment_code for invoice in to_send[:3])
                lines.append(("payment codes", f"{codes}, …"))
            self.wait(
                "sending the invoices",
                lambda env: (
                    not env["account.move"].browse(self.invoice_ids).filtered(lambda move: not move.sent_at)
                ),
            )
            self.invoice_mail_ids = [message["message-id"] for message in self.invoice_mails()]
            with self.env() as env:
                sent = env["account.move"].browse(self.invoice_ids)
                lines.append(("mails received by the mail server", len(self.invoice_mails())))
                lines.append(("status now", self.count(sent)))

    def invoice_mails(self):
        """The mails to customers; colleagues get notices too."""
        return [message for message in self.mailbox.messages if services.links(message)]

    def open_link(self):
        with self.summary.part("A customer opens the link in the mail") as lines:
            # Within seconds of sending only scanners open links: those do not count.
            time.sleep(6)
            message = self.invoice_mails()[0]
            text = services.open_in_browser(services.links(message)[-1], self.run / "customer.png")
            with self.env() as env:
                invoices = env["account.move"].browse(self.invoice_ids)
                viewed = invoices.filtered("first_viewed_at")
                if len(viewed) != 1 or viewed.name not in text:
                    raise RuntimeError("the page of the invoice did not open from the mail's link")
                lines.append(("opened in Chromium", viewed.name))
                lines.append(("status now", viewed.tracking_status))

    def import_bank_files(self):
        from odoo.addons.invoice_to_cash.demo import bank_files
        from odoo.addons.invoice_to_cash.demo.morning import morning_statements

        with self.summary.part("Bank files imported by the wizard") as lines:
            with self.env() as env:
                company = env["res.company"].browse(self.company_id)
                statements = morning_statements(env, company, company._receivables_today())
                self.expected = {line.number: line for one in statements.values() for line in one.lines}
                files = {
                    "kaspi.txt": bank_files.kaspi_1c(statements["kaspi"]),
                    "halyk.csv": bank_files.csv_statement(statements["halyk"]),
                }
                for name, content in files.items():
                    (self.run / name).write_bytes(content)
                wizard = self.wizard(env, files)
                wizard.action_import()
                self.line_ids = (
                    env["account.bank.statement.line"]
                    .search([("import_log_id", "in", wizard.line_ids.log_id.ids)])
                    .ids
                )
                for row in wizard.line_ids:
                    lines.append((row.filename, f"{row.new_count} new lines on {row.journal_id.name}"))
            with self.env() as env:
                again = self.wizard(env, files)
                again.action_import()
                lines.append(("the same files again", f"{again.new_count} new, {again.known_count} known"))

    def wizard(self, env, files):
        attachments = env["ir.attachment"].create(
            [{"name": name, "datas": base64.b64encode(content)} for name, content in files.items()]
        )
        # The 1C file names its account, the CSV file does not: for it the accountant chooses the journal.
        halyk = env["account.journal"].search(
            [("company_id", "=", self.company_id), ("bank_account_id.acc_number", "like", "KZ__601%")]
        )
        wizard = env["bank.import.wizard"].create(
            {"attachment_ids": [(6, 0, attachments.ids)], "journal_id": halyk.id}
        )
        wizard._refresh_preview()
        return wizard

    def show_matching(self):
        with self.summary.part("Payments matched") as lines, self.env() as env:
            statement_lines = env["account.bank.statement.line"].browse(self.line_ids)
            matches = env["payment.match"].search([("statement_line_id", "in", statement_lines.ids)])
            states = dict(
                env["payment.match"]._read_group([("id", "in", matches.ids)], ["state"], ["__count"])
            )
            for state in ("applied", "suggested", "manual"):
                lines.append((state, states.get(state, 0)))
            wrong = [
                f"{line.payment_ref[:50]}: {match.state}, not {' or '.join(wanted.outcomes)}"
                for line in statement_lines
                if (wanted := self.expected.get(line.bank_document_number))
                and wanted.expected
                and (match := matches.filtered(lambda match, line=line: match.statement_line_id == line)[:1])
                and match.state not in wanted.outcomes
            ]
            lines.append(("as the writer of the file meant them", "all" if not wrong else "; ".join(wrong)))
            applied = statement_lines.filtered("is_reconciled")
            paid = matches.filtered(lambda match: match.state == "applied").line_ids.move_id
            lines.append(("lines reconciled in the ledger", len(applied)))
            lines.append(("status of their invoices", self.count(paid)))

    def remind(self):
        with self.summary.part("Reminders") as lines:
            before = len(self.reminder_mails())
            with self.env() as env:
                # The server works on the same invoices meanwhile: on a conflict once more, as the button.
                found = self.odoo.service.model.retrying(lambda: self.generate_and_send(env), env)
                states = Counter(found.mapped("state"))
                tones = Counter(found.filtered(lambda one: one.state == "sent").mapped("tone"))
                held = Counter(found.filtered(lambda one: one.state == "held").mapped("why"))
                lines.append(("customers with a step due", len(found)))
                lines.append(("sent, one letter per customer", states["sent"]))
                lines += [(f"  {tone}", number) for tone, number in tones.items()]
                lines.append(("wait for approval", states["waiting"]))
                lines.append(("handed over to a person", states["handed_over"]))
                lines.append(("held back", states["held"]))
                lines += [(f"  {why}", number) for why, number in held.most_common()]
            self.wait(
                "sending the reminders", lambda _env: len(self.reminder_mails()) >= before + states["sent"]
            )
            lines.append(("mails received by the mail server", len(self.reminder_mails()) - before))
            if states["sent"] < 2:
                raise RuntimeError("fewer than two reminders went out: the demo company has to show some")
            with self.env() as env:
                again = self.odoo.service.model.retrying(lambda: self.generate_and_send(env), env)
                lines.append(("sent by a second run", len(again.filtered(lambda one: one.state == "sent"))))

    def generate_and_send(self, env):
        found = env["dunning.reminder"].generate(env["res.company"].browse(self.company_id))
        found.send()
        return found.exists()

    def reminder_mails(self):
        known = set(self.invoice_mail_ids)
        return [message for message in self.invoice_mails() if message["message-id"] not in known]

    @staticmethod
    def count(invoices):
        found = Counter(invoices.mapped("tracking_status"))
        return ", ".join(f"{number} {status}" for status, number in sorted(found.items()))

    def play(self):
        self.load_demo()
        self.start_server()
        self.confirm_orders()
        self.open_link()
        self.import_bank_files()
        self.show_matching()
        self.remind()

    def stop(self):
        server = getattr(self, "server", None)
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--exit", action="store_true")
    options = parser.parse_args()
    with services.Mailbox(options.work / "run" / "mail") as mailbox:
        job = MainJob(options.database, options.port, options.work, mailbox)
        try:
            job.play()
            print(f"\n{job.summary.table()}\n")
            print(f"Mails as sent:  {options.work / 'run' / 'mail'}")
            print(f"Bank files:     {options.work / 'run'}/kaspi.txt, halyk.csv")
            if options.exit:
                return 0
            print(f"\n{BOLD}Odoo goes on running on {job.url}{OFF}   login: admin   password: admin")
            print("Look at: Receivables › Customer Invoices, Bank › Match payments, Reminders › Outbox.")
            print("Ctrl-C stops it.")
            job.server.wait()
            return 0
        except KeyboardInterrupt:
            return 0
        except (TimeoutError, RuntimeError) as error:
            print(f"\n\033[1;31mstopped:\033[0m {error}", file=sys.stderr)
            return 1
        finally:
            job.stop()


if __name__ == "__main__":
    sys.exit(main())
