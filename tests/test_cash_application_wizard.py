"""What the reconciliation wizard is told, by whom it may be asked, and the time it reports."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_cash_application_matching import MatchingCommon


class WizardCommon(MatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "i2c_clerk", groups="base.group_user,invoice_to_cash.group_cash_application"
        )
        cls.clerk.lang = "en_US"

    def decided(self, line):
        line.match_payments()
        return self.match(line)

    def ask(self, match):
        """What the clerk's wizard shows of a line."""
        return match.with_user(self.clerk).board_read()["lines"][0]


@tagged("post_install", "-at_install")
class TestBoard(WizardCommon):
    def test_the_reasons_are_told_in_words_with_the_place(self):
        invoice = self.make_invoice(500)
        code = invoice.payment_code
        cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
        line = self.make_line(500, f"Оплата по реф. {cyrillic}", payer_tax_id="850540011223")
        match = self.decided(line)
        match.action_undo()
        match.action_rematch()
        (candidate,) = self.ask(match)["candidates"]
        words = [reason["text"] for reason in candidate["why"]]
        self.assertIn(f"quotes {code} in «Оплата по реф. {cyrillic}»", words)
        self.assertIn("BIN/IIN 850540011223 is the customer's", words)
        self.assertIn("amount equals the residual", words)
        self.assertTrue(candidate["open"])
        self.assertEqual(candidate["items"][0]["name"], invoice.name)

    def test_the_reasons_are_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["ir.module.module"]._load_module_terms(["invoice_to_cash"], ["ru_RU"])
        self.make_invoice(777)
        match = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223"))
        self.clerk.lang = "ru_RU"
        board = match.with_user(self.clerk).with_context(lang="ru_RU").board_read()["lines"][0]
        self.assertIn("сумма равна остатку", [reason["text"] for reason in board["candidates"][0]["why"]])

    def test_what_was_paid_meanwhile_is_told(self):
        invoice = self.make_invoice(777)
        match = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223"))
        self.pay(invoice)
        (candidate,) = self.ask(match)["candidates"]
        self.assertFalse(candidate["open"])
        self.assertEqual(
            candidate["why"][-1], {"text": f"{invoice.name} has been paid or changed since", "against": True}
        )

    def test_a_short_payment_tells_what_is_missing(self):
        invoice = self.make_invoice(1000)
        match = self.decided(self.make_line(900, invoice.payment_code))
        (candidate,) = self.ask(match)["candidates"]
        self.assertEqual((candidate["short"], candidate["rest"]), (100, 0))

    def test_a_proposed_fee_is_shown_as_what_is_missing_and_may_be_chosen_otherwise(self):
        invoice = self.make_invoice(1000)
        expense = self.company_data["default_account_expense"]
        self.company.write(
            {
                "match_tolerance": 50,
                "match_fee_account_id": expense.id,
                "match_write_off_account_id": expense.id,
            }
        )
        match = self.decided(self.make_line(990, invoice.payment_code))
        (candidate,) = self.ask(match)["candidates"]
        self.assertEqual((candidate["short"], candidate["rest"]), (10, 0))
        (item,) = candidate["items"]
        self.assertEqual((item["applied"], item["residual"]), (990, 1000))
        self.assertIn(candidate["outcome"], ("fee", "partial"))
        match.with_user(self.clerk).allocate([(item["id"], item["applied"])], outcome="write_off")
        self.assertEqual((match.outcome, invoice.amount_residual), ("write_off", 0))

    def test_the_queue_is_ordered_and_goes_on_after_what_was_skipped(self):
        self.make_invoice(777)
        unclear = self.decided(self.make_line(5, "неизвестно"))
        sure = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223"))
        Match = self.env["payment.match"].with_user(self.clerk)
        mine = [("id", "in", (sure | unclear).ids)]
        queue = Match.board_queue(mine)
        self.assertEqual((queue["ids"], queue["remaining"]), ([sure.id, unclear.id], 2))
        self.assertEqual(Match.board_queue(mine, offset=1)["ids"], [unclear.id])
        self.assertEqual(Match.board_queue(mine, order="large")["ids"], [sure.id, unclear.id])
        sure.with_user(self.clerk).action_apply()
        answer = Match.browse([sure.id, unclear.id]).board_next(mine)
        self.assertEqual((answer["line"]["id"], answer["remaining"]), (unclear.id, 1))
        unclear.action_dismiss()
        self.assertFalse(Match.browse([sure.id, unclear.id]).board_next(mine)["line"])

    def test_the_number_of_queries_does_not_grow(self):
        def lines(number):
            found = self.env["account.bank.statement.line"]
            for index in range(number):
                partner = self.make_customer(f"ТОО {number} {index}", vat=f"{number:03d}{index:09d}")
                invoice = self.make_invoice(100 + index, partner=partner)
                found |= self.make_line(90 + index, invoice.payment_code)
            return self.decided(found)

        few, many = lines(2), lines(8)
        counts = []
        for matches in (few, many):
            matches.with_user(self.clerk).board_read()  # what is loaded once, rules and the like
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(matches.with_user(self.clerk).board_read()["lines"]), len(matches))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], "reading 8 lines takes as many queries as reading 2")

    def test_open_items_are_found_by_number_code_name_and_amount(self):
        mine = self.make_invoice(1234.5)
        theirs = self.make_invoice(99, partner=self.other)
        match = self.decided(self.make_line(50, "неизвестно")).with_user(self.clerk)

        def find(text, partner=False):
            items = match.board_open_items(text, partner)["items"]
            return {item["move_id"] for item in items} & {mine.id, theirs.id}

        self.assertEqual(find(""), {mine.id, theirs.id})
        self.assertEqual(find("", self.other.id), {theirs.id})
        self.assertEqual(find(mine.name), {mine.id})
        self.assertEqual(find(mine.payment_code.lower()), {mine.id})
        self.assertEqual(find("иванов"), {theirs.id})
        self.assertEqual(find("1 234,50"), {mine.id})
        self.assertEqual(find("1234.50 строй"), {mine.id})
        self.assertEqual(find("%"), set(), "a sign is not a pattern")
        self.pay(theirs)
        self.assertEqual(find("иванов"), set(), "what is paid is not open")

    def test_items_and_models_of_another_company_are_not_shown(self):
        other = self.setup_other_company()["company"]
        foreign = self.init_invoice("out_invoice", amounts=[50], company=other, post=True)
        model = self.env["account.reconcile.model"].create(
            {
                "name": "Foreign",
                "company_id": other.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.env["account.account"]
                            .search([("company_ids", "in", other.ids)], limit=1)
                            .id
                        }
                    )
                ],
            }
        )
        match = self.decided(self.make_line(50, "неизвестно")).with_user(self.clerk)
        self.assertNotIn(foreign.id, [item["move_id"] for item in match.board_open_items("")["items"]])
        self.assertNotIn(model.id, [row["id"] for row in match.board_reco_models()])

    def test_lines_of_another_company_are_out_of_reach(self):
        match = self.decided(self.make_line(50, "неизвестно"))
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "i2c_stranger",
            groups="base.group_user,invoice_to_cash.group_cash_application",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        theirs = match.with_user(stranger)
        self.assertEqual(theirs.board_read()["lines"], [])
        self.assertFalse(theirs.board_next()["line"])
        self.assertNotIn(match.id, theirs.browse().board_queue()["ids"])
        for call in (
            lambda: theirs.board_open_items(""),
            theirs.board_reco_models,
            theirs.board_partners,
            theirs.board_undo,
            theirs.action_dismiss,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_only_cash_application_decides(self):
        match = self.decided(self.make_line(50, "неизвестно"))
        for groups in ("base.group_user", "base.group_user,invoice_to_cash.group_collector"):
            user = new_test_user(self.env, f"i2c_{len(groups)}", groups=groups)
            theirs = match.with_user(user)
            for call in (
                theirs.board_read,
                theirs.board_queue,
                theirs.board_next,
                theirs.board_open_items,
                theirs.board_reco_models,
                theirs.board_partners,
                theirs.board_undo,
                self.env["reconciling.time"].with_user(user).report_active,
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_undo_takes_back_whatever_was_decided(self):
        invoice = self.make_invoice(777)
        match = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223")).with_user(
            self.clerk
        )
        with self.assertRaises(UserError):
            match.board_undo()
        match.action_apply()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(match.board_undo(), {"cannot_come_back": []})
        self.assertEqual((match.state, invoice.amount_residual), ("undone", 777))
        match.action_dismiss()
        match.board_undo()
        self.assertIn(match.state, ("suggested", "manual"))

    def test_accept_above_shows_what_it_would_do(self):
        invoice = self.make_invoice(777)
        match = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223"))
        Accept = self.env["payment.match.accept"].with_user(self.clerk)
        domain = f"[('id', '=', {match.id})]"
        wizard = Accept.create({"threshold": match.score, "domain": domain})
        self.assertEqual((wizard.count, wizard.total), (1, 777))
        self.assertIn("only one invoice of this amount", wizard.by_reason)
        above = Accept.create({"threshold": match.score + 1, "domain": domain})
        self.assertEqual(above.count, 0)
        with self.assertRaises(UserError):
            above.action_accept()
        wizard.action_accept()
        self.assertEqual((match.state, invoice.amount_residual), ("applied", 0))


@tagged("post_install", "-at_install")
class TestTime(WizardCommon):
    def setUp(self):
        super().setUp()
        self.start = fields.Datetime.to_datetime("2026-03-10 06:00:00")

    def report(self, after, seconds, user=None, company=None):
        Time = self.env["reconciling.time"].with_user(user or self.clerk)
        if company:
            Time = Time.with_company(company)
        with freeze_time(self.start + timedelta(seconds=after)):
            return Time.report_active(seconds)

    def row(self, **values):
        domain = [("user_id", "=", self.clerk.id), *((name, "=", value) for name, value in values.items())]
        return self.env["reconciling.time"].search(domain)

    def test_active_seconds_add_up(self):
        self.assertEqual(self.report(0, 0), 0)
        self.assertEqual(self.report(30, 25), 25)
        self.assertEqual(self.report(60, 30), 30)
        self.assertEqual(self.row().seconds, 55)
        self.assertAlmostEqual(self.row().hours, 55 / 3600, 4)

    def test_nothing_is_believed_beyond_the_clock(self):
        self.assertEqual(self.report(0, 1000), 0, "the first call only starts the clock")
        self.assertEqual(self.report(10, 60), 10, "no more than has passed")
        self.assertEqual(self.report(10, 60), 0, "a second window has no time of its own")
        self.assertEqual(self.report(11, -5), 0, "never less")
        self.assertEqual(self.report(4000, 3600), 60, "no more than a minute a call")
        self.assertEqual(self.report(3900, 60), 0, "nor from a clock that was turned back")
        self.assertEqual(self.report(4010, 60), 10)
        self.assertEqual(self.row().seconds, 80)

    def test_two_companies_share_one_clock(self):
        other = self.setup_other_company()["company"]
        self.clerk.company_ids |= other
        self.report(0, 0)
        self.report(0, 0, company=other)
        self.assertEqual(self.report(30, 30), 30)
        self.assertEqual(self.report(30, 30, company=other), 0, "the same half minute is not believed twice")
        self.assertEqual(self.report(40, 30, company=other), 10)
        self.assertEqual(self.row(company_id=other.id).seconds, 10)

    def test_each_month_has_its_row(self):
        self.report(0, 0)
        self.report(30, 30)
        self.report(40 * 86400, 60)
        self.report(40 * 86400 + 20, 20)
        self.assertEqual(self.row().sorted("month").mapped("seconds"), [30, 20])

    def test_the_decisions_of_the_month_are_counted(self):
        self.make_invoice(777)
        match = self.decided(self.make_line(777, "за товар", payer_tax_id="850540011223")).with_user(
            self.clerk
        )
        Time = self.env["reconciling.time"].with_user(self.clerk)
        Time.report_active(0)
        match.action_apply()
        row = self.row()
        self.assertEqual(row.decided_count, 1)
        self.assertEqual(row.with_user(self.clerk).seconds_per_line, 0)

    def test_people_see_their_own_time_and_nobody_writes_it(self):
        self.report(0, 0)
        self.report(0, 0, user=self.env.user)
        visible = self.env["reconciling.time"].with_user(self.clerk).search([])
        self.assertEqual(visible.user_id, self.clerk)
        self.assertIn(self.clerk, self.env["reconciling.time"].search([]).user_id, "managers see everybody's")
        for change in (
            lambda: visible.write({"seconds": 99999}),
            lambda: visible.unlink(),
            lambda: visible.create({"user_id": self.clerk.id}),
        ):
            with self.assertRaises(AccessError):
                change()
