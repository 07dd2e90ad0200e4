import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { OpenItems } from "@invoice_to_cash/reconciliation/open_items";
import { NotCustomer } from "@invoice_to_cash/reconciliation/side_panels";
import { Suggestion } from "@invoice_to_cash/reconciliation/suggestion";

defineMailModels(); // the web client's services ask for them

const ITEMS = [
    { id: 11, name: "INV/1", code: "A2B3C4D", partner: [7, "Alpha"], due: "2026-01-10", residual: 100 },
    { id: 12, name: "INV/2", code: "", partner: [7, "Alpha"], due: "2026-02-10", residual: 60 },
    { id: 13, name: "INV/3", code: "", partner: [8, "Beta"], due: "", residual: 40 },
];
const LINE = { id: 1, amount: 130, currency_id: 1, date: "2026-01-20", partner: [7, "Alpha"] };

async function mountItems(line = LINE) {
    const answers = [];
    await mountWithCleanup(OpenItems, {
        props: {
            line,
            search: async (text, partnerId) => ({
                items: ITEMS.filter(
                    (item) => item.name.includes(text) && (!partnerId || item.partner[0] === partnerId)
                ),
                more: false,
            }),
            onApply: (...answer) => answers.push(answer),
        },
    });
    return answers;
}

test("open items are chosen and split by keys alone", async () => {
    const answers = await mountItems();
    expect("input[type=search]").toBeFocused();
    expect(queryAllTexts(".o_i2c_row .fw-bold")).toEqual(["INV/1", "INV/2"]);
    await press("Enter");
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect(".o_i2c_row.o_chosen").toHaveCount(2);
    expect(".o_i2c_outcomes").toHaveCount(1);
    await press(["alt", "d"]);
    await press(["ctrl", "Enter"]);
    expect(answers).toEqual([[[[11, 100], [12, 30]], "dispute", 7]]);
});

test("another customer's items are a key away", async () => {
    await mountItems();
    await press(["alt", "g"]);
    await animationFrame();
    expect(queryAllTexts(".o_i2c_row .fw-bold")).toEqual(["INV/1", "INV/2", "INV/3"]);
    await edit("INV/3");
    await runAllTimers();
    await animationFrame();
    expect(queryAllTexts(".o_i2c_row .fw-bold")).toEqual(["INV/3"]);
});

test("an amount that does not fit cannot be applied", async () => {
    const answers = await mountItems();
    await press("Enter");
    await animationFrame();
    await click(".o_i2c_part");
    await edit("100.01", { confirm: "blur" });
    await animationFrame();
    expect(".o_i2c_part").toHaveClass("is-invalid");
    expect(".o_i2c_apply").not.toBeEnabled();
    await press(["ctrl", "Enter"]);
    expect(answers).toEqual([]);
});

test("what is paid too much stays the customer's credit, no outcome is asked", async () => {
    const answers = await mountItems({ ...LINE, amount: 200 });
    await press("Enter");
    await animationFrame();
    expect(".o_i2c_outcomes").toHaveCount(0);
    await press(["ctrl", "Enter"]);
    expect(answers).toEqual([[[[11, 100]], "partial", 7]]);
});

test("a suggestion tells why, and offers outcomes only when something is missing", async () => {
    const candidate = {
        id: 5,
        score: 65,
        reason: "Quotes the invoice, pays less",
        why: [
            { text: "quotes A2B3C4D in «реф. A2B3C4D»", against: false },
            { text: "quotes INV/9, which is not open", against: true },
        ],
        partner: [7, "Alpha"],
        amount: 90,
        rest: 0,
        short: 10,
        open: true,
        items: [{ ...ITEMS[0], applied: 90 }],
    };
    const outcomes = [];
    const props = {
        candidate,
        currencyId: 1,
        number: 1,
        active: true,
        outcome: "partial",
        onChoose: () => {},
        onAccept: () => {},
        onOutcome: (id) => outcomes.push(id),
    };
    await mountWithCleanup(Suggestion, { props });
    expect(".o_i2c_why li").toHaveCount(2);
    expect(".o_i2c_why li.text-danger").toHaveText("quotes INV/9, which is not open");
    await click("[data-outcome=fee]");
    expect(outcomes).toEqual(["fee"]);
});

test("reconciliation models are chosen by their number", async () => {
    const chosen = [];
    await mountWithCleanup(NotCustomer, {
        props: {
            load: async () => [{ id: 3, name: "Fee", account: "7210" }],
            onModel: (id) => chosen.push(id),
            onDismiss: () => chosen.push("dismissed"),
        },
    });
    await press("2");
    expect(chosen).toEqual([]);
    await press("1");
    await press("Enter");
    expect(chosen).toEqual([3, "dismissed"]);
});
