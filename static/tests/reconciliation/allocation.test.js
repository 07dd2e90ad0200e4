import { expect, test } from "@odoo/hoot";
import { balance, isValidPart, partOf, spread } from "@invoice_to_cash/reconciliation/allocation";

const A = { id: 1, residual: 100 };
const B = { id: 2, residual: 70.1 };
const CREDIT = { id: 3, residual: -20 };

test("a payment is spread in the order of choice", () => {
    expect(spread(120, [A, B])).toEqual({ 1: 100, 2: 20 });
    expect(spread(500, [A, B])).toEqual({ 1: 100, 2: 70.1 });
    expect(spread(50, [A, B])).toEqual({ 1: 50, 2: 0 });
});

test("a credit makes the payment reach further, whenever it was chosen", () => {
    expect(spread(100, [A, CREDIT, B])).toEqual({ 1: 100, 2: 20, 3: -20 });
});

test("tenths do not leave a rest of rounding", () => {
    const items = [1, 2, 3].map((id) => ({ id, residual: 0.1 }));
    const parts = spread(0.3, items);
    expect(balance(0.3, items, parts)).toEqual({ chosen: 0.3, left: 0, short: 0 });
    expect(partOf({ id: 9, residual: 10 }, 0.1 + 0.2)).toBe(0.3);
});

test("the balance tells what is left and what is missing", () => {
    expect(balance(120, [A, B], { 1: 100, 2: 20 })).toEqual({ chosen: 120, left: 0, short: 50.1 });
    expect(balance(200, [A], { 1: 100 })).toEqual({ chosen: 100, left: 100, short: 0 });
});

test("a part has the sign of its item, is no more than is open and not nothing", () => {
    expect(isValidPart(A, 100)).toBe(true);
    expect(isValidPart(A, 0.01)).toBe(true);
    expect(isValidPart(CREDIT, -20)).toBe(true);
    for (const part of [100.01, -1, 0, 1.005, NaN]) {
        expect(isValidPart(A, part)).toBe(false);
    }
    expect(isValidPart(CREDIT, -20.01)).toBe(false);
    expect(isValidPart(CREDIT, 5)).toBe(false);
});

test("money that leaves pays credits back, no further than it goes", () => {
    expect(partOf({ id: 1, residual: -800 }, -500, 2, true)).toBe(-500);
    expect(partOf({ id: 2, residual: -300 }, -500, 2, true)).toBe(-300);
    expect(partOf({ id: 3, residual: -300 }, 0, 2, true)).toBe(0);
    expect(partOf({ id: 4, residual: 300 }, -500, 2, true)).toBe(0);
});
