import { roundDecimals } from "@web/core/utils/numbers";

/**
 * What a payment gives to chosen items: pure figures, no server.
 *
 * An item is `{ id, residual }` (a credit has a negative residual); its part is an amount of the
 * same sign that is no larger. All of them are in the currency of the payment.
 */

/** How much of an item the payment still reaches: all of a credit, else what is left of the payment (`leaves`: of money that goes out). */
export function partOf(item, left, digits = 2, leaves = false) {
    if (leaves) {
        // Money that leaves: it pays credits back, no further than it goes.
        return roundDecimals(Math.min(0, Math.max(item.residual, left)), digits);
    }
    if (item.residual < 0) {
        return item.residual;
    }
    return roundDecimals(Math.max(0, Math.min(item.residual, left)), digits);
}

/** Chosen items in order, credits first because they make the payment reach further: `{ id: part }`. */
export function spread(amount, items, digits = 2) {
    const parts = {};
    let left = amount;
    const credits = items.filter((item) => item.residual < 0);
    const debts = items.filter((item) => item.residual >= 0);
    for (const item of [...credits, ...debts]) {
        parts[item.id] = partOf(item, left, digits);
        left = roundDecimals(left - parts[item.id], digits);
    }
    return parts;
}

/** Sum of the parts, what is left of the payment, what stays unpaid of the items. */
export function balance(amount, items, parts, digits = 2) {
    const sum = (numbers) => roundDecimals(numbers.reduce((a, b) => a + b, 0), digits);
    const chosen = sum(items.map((item) => parts[item.id] || 0));
    return {
        chosen,
        left: roundDecimals(amount - chosen, digits),
        short: sum(items.map((item) => item.residual - (parts[item.id] || 0))),
    };
}

/** Whether a part may be booked on its item: same sign, not more than is open, not nothing. */
export function isValidPart(item, part, digits = 2) {
    const rounded = roundDecimals(part, digits);
    if (!rounded || rounded !== part) {
        return false;
    }
    return rounded > 0 === item.residual > 0 && Math.abs(rounded) <= Math.abs(item.residual);
}
