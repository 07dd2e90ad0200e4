import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { mockTimeZone } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { TrackingTimeline } from "@invoice_to_cash/tracking_timeline/tracking_timeline";

defineMailModels(); // the web client's services ask for them

function event(id, moment, label, values = {}) {
    return { id, moment, label, words: "", icon: "fa-circle-o", tone: "muted", by_customer: false, ...values };
}

async function mountTimeline(story) {
    await mountWithCleanup(TrackingTimeline, {
        props: { name: "story", readonly: true, record: { data: { story } } },
    });
}

test("events stand under the days of the reader's own calendar", async () => {
    mockTimeZone(+5);
    await mountTimeline([
        event(3, "2026-03-10 05:00:00", "Paid"),
        event(2, "2026-03-09 20:30:00", "Viewed"), // the 10th in the reader's zone
        event(1, "2026-03-09 08:05:00", "Sent"),
    ]);
    expect(".o_tracking_day").toHaveCount(2);
    expect(queryAllTexts(".o_tracking_time")).toEqual(["10:00", "01:30", "13:05"]);
    expect(queryAllTexts(".fw-bolder")).toEqual(["Paid", "Viewed", "Sent"]);
    expect(".o_tracking_day:eq(1) + .o_tracking_event .fw-bolder").toHaveText("Sent");
});

test("what the customer did stands out from what we did", async () => {
    await mountTimeline([
        event(2, "2026-03-09 09:00:00", "Viewed", { by_customer: true, tone: "success", icon: "fa-eye" }),
        event(1, "2026-03-09 08:00:00", "Sent", { words: "Mail · buh@buyer.example" }),
    ]);
    expect(queryAllTexts(".o_tracking_customer .fw-bolder")).toEqual(["Viewed"]);
    expect(queryAllTexts(".o_tracking_us .fw-bolder")).toEqual(["Sent"]);
    expect(".o_tracking_us").toHaveText(/Mail · buh@buyer\.example/);
    expect(queryAllAttributes(".o_tracking_icon i", "title")).toEqual(["Viewed", "Sent"]);
});

test("words from outside are shown as words", async () => {
    await mountTimeline([event(1, "2026-03-09 08:00:00", "Bounced", { words: "<b class='evil'>550</b>" })]);
    expect(".evil").toHaveCount(0);
    expect(".o_tracking_event").toHaveText(/<b class='evil'>550<\/b>/);
});

test("an invoice without a story says so", async () => {
    await mountTimeline(false);
    expect(".o_tracking_event").toHaveCount(0);
    expect(".o_tracking_timeline").toHaveText("Nothing has happened yet.");
});
