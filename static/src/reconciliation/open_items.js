import { Component, useState } from "@odoo/owl";
import { formatCurrency, getCurrency } from "@web/core/currency";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { parseFloat } from "@web/views/fields/parsers";
import { balance, isValidPart, partOf, spread } from "./allocation";
import { OUTCOMES, Outcomes } from "./outcomes";
import { usePicker } from "./picker";

/** Choose what a payment pays: search open items, split over several, say what becomes of a rest. */
export class OpenItems extends Component {
    static template = "invoice_to_cash.OpenItems";
    static components = { Outcomes };
    static props = { line: Object, search: Function, onApply: Function };

    setup() {
        this.chosen = useState({ items: [], parts: {}, bad: {}, outcome: "partial", all: !this.props.line.partner });
        this.picker = usePicker(async (text, offset) => {
            const partner = this.chosen.all ? false : this.props.line.partner[0];
            const { items, more } = await this.props.search(text, partner, offset);
            return { rows: items, more };
        });
        const typing = { bypassEditableProtection: true };
        useHotkey("enter", () => this.toggle(this.picker.state.rows[this.picker.state.active]), typing);
        useHotkey("control+enter", () => this.apply(), typing);
        useHotkey("alt+g", () => this.toggleAll(), typing);
        for (const outcome of OUTCOMES) {
            useHotkey(`alt+${outcome.hotkey}`, () => this.setOutcome(outcome.id), {
                ...typing,
                isAvailable: () => this.isShort,
            });
        }
    }

    get digits() {
        return getCurrency(this.props.line.currency_id)?.digits?.[1] ?? 2;
    }

    get balance() {
        return balance(this.props.line.amount, this.chosen.items, this.chosen.parts, this.digits);
    }

    /** Less than an invoice is paid; an order that is prepaid in part, or another currency, just stays open. */
    get isShort() {
        const { items } = this.chosen;
        return this.balance.short > 0 && this.balance.left <= 0 && !items.some((item) => item.is_order || item.foreign);
    }

    get isReady() {
        const { items, bad } = this.chosen;
        const fits = this.props.line.amount < 0 ? this.balance.left === 0 : this.balance.left >= 0;
        return items.length > 0 && fits && !Object.values(bad).some(Boolean);
    }

    isChosen(item) {
        return item.id in this.chosen.parts;
    }

    toggle(item) {
        if (!item) {
            return;
        }
        const chosen = this.chosen;
        if (this.isChosen(item)) {
            chosen.items = chosen.items.filter((other) => other.id !== item.id);
            delete chosen.parts[item.id];
            delete chosen.bad[item.id];
        } else if (item.residual < 0 && this.props.line.amount > 0) {
            // A credit makes the payment reach further: what was typed before no longer fits.
            chosen.items = [...chosen.items, item];
            chosen.parts = spread(this.props.line.amount, chosen.items, this.digits);
            chosen.bad = {};
        } else {
            chosen.parts[item.id] = partOf(item, this.balance.left, this.digits, this.props.line.amount < 0);
            chosen.items = [...chosen.items, item];
        }
        this.picker.focus();
    }

    setPart(item, text) {
        let part = NaN;
        try {
            part = parseFloat(text);
        } catch {
            // marked as wrong below
        }
        this.chosen.bad[item.id] = !isValidPart(item, part, this.digits);
        this.chosen.parts[item.id] = Number.isNaN(part) ? 0 : part;
    }

    setOutcome(id) {
        this.chosen.outcome = id;
    }

    toggleAll() {
        if (this.props.line.partner) {
            this.chosen.all = !this.chosen.all;
            this.picker.load();
            this.picker.focus();
        }
    }

    apply() {
        if (!this.isReady) {
            return;
        }
        const allocations = this.chosen.items
            .map((item) => [item.id, this.chosen.parts[item.id]])
            .filter(([, part]) => part);
        const outcome = this.isShort ? this.chosen.outcome : "partial";
        this.props.onApply(allocations, outcome, this.chosen.items[0].partner[0]);
    }

    amount(value) {
        return formatFloat(value, { digits: [16, this.digits] });
    }

    money(value) {
        return formatCurrency(value, this.props.line.currency_id);
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    isLate(item) {
        return item.due && item.due < this.props.line.date;
    }
}
