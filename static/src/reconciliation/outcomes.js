import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

export const OUTCOMES = [
    { id: "partial", hotkey: "p", label: _t("Stays open"), icon: "fa-hourglass-half" },
    { id: "write_off", hotkey: "w", label: _t("Write off"), icon: "fa-scissors" },
    { id: "fee", hotkey: "b", label: _t("Bank fee"), icon: "fa-university" },
    { id: "dispute", hotkey: "d", label: _t("Dispute"), icon: "fa-gavel" },
];

/** What becomes of the rest of a debt that was not paid in full. */
export class Outcomes extends Component {
    static template = "invoice_to_cash.Outcomes";
    static props = {
        value: String,
        rest: String,
        withAlt: { type: Boolean, optional: true },
        onChange: Function,
    };
    outcomes = OUTCOMES;

    keyOf(outcome) {
        return (this.props.withAlt ? "Alt+" : "") + outcome.hotkey.toUpperCase();
    }
}
