import { expect, test } from "@odoo/hoot";
import { ActiveTime } from "@invoice_to_cash/reconciliation/active_time";

/** What a meter counts of signs of life at these seconds. */
function counted(...moments) {
    const meter = new ActiveTime();
    for (const moment of moments) {
        meter.sign(moment * 1000);
    }
    return meter.take();
}

test("the time between signs of life is counted", () => {
    expect(counted(0, 10, 30, 90)).toBe(90);
});

test("a pause of more than a minute is idle", () => {
    expect(counted(0, 10, 71, 80)).toBe(19);
    expect(counted(0, 3600)).toBe(0);
});

test("one sign alone is no time", () => {
    expect(counted(5)).toBe(0);
});

test("a hidden page is not counted until somebody is back", () => {
    const meter = new ActiveTime();
    meter.sign(0);
    meter.pause(20_000);
    meter.sign(50_000);
    meter.sign(55_000);
    expect(meter.take()).toBe(25);
});

test("a clock that is turned back takes nothing and gives nothing", () => {
    expect(counted(100, 40, 50)).toBe(10);
});

test("fractions are kept for the next report", () => {
    const meter = new ActiveTime();
    meter.sign(0);
    meter.sign(1600);
    expect(meter.take()).toBe(1);
    meter.sign(2000);
    expect(meter.take()).toBe(1);
    expect(meter.take()).toBe(0);
});
