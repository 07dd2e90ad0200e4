import { Component, useEffect, useRef } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { formatCurrency } from "@web/core/currency";
import { Outcomes } from "./outcomes";

/** One candidate: how sure, why in words, what it pays. */
export class Suggestion extends Component {
    static template = "invoice_to_cash.Suggestion";
    static components = { Outcomes };
    static props = {
        candidate: Object,
        currencyId: Number,
        number: Number,
        active: Boolean,
        outcome: String,
        onChoose: Function,
        onAccept: Function,
        onOutcome: Function,
    };

    setup() {
        const root = useRef("root");
        useEffect(
            (active) => {
                if (active) {
                    root.el?.scrollIntoView({ block: "nearest" });
                }
            },
            () => [this.props.active]
        );
    }

    get tone() {
        const { open, score } = this.props.candidate;
        if (!open) {
            return "danger";
        }
        return score >= 80 ? "success" : score >= 50 ? "warning" : "secondary";
    }

    money(amount) {
        return formatCurrency(amount, this.props.currencyId);
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }
}
