import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { usePicker } from "./picker";

/** Whose advance is it: money of a customer for which there is no invoice. */
export class Advance extends Component {
    static template = "invoice_to_cash.Advance";
    static props = { line: Object, search: Function, onApply: Function };

    setup() {
        this.picker = usePicker(async (text) => {
            const rows = await this.props.search(text);
            const known = this.props.line.partner;
            if (known && !text) {
                return { rows: [known, ...rows.filter(([id]) => id !== known[0])], more: false };
            }
            return { rows, more: false };
        });
        useHotkey("enter", () => this.apply(this.picker.state.rows[this.picker.state.active]), {
            bypassEditableProtection: true,
        });
    }

    apply(partner) {
        if (partner) {
            this.props.onApply(partner[0]);
        }
    }
}

/** Not a customer payment: booked by one of Odoo's reconciliation models, or left to the accountant. */
export class NotCustomer extends Component {
    static template = "invoice_to_cash.NotCustomer";
    static props = { load: Function, onModel: Function, onDismiss: Function };

    setup() {
        this.state = useState({ models: [] });
        onWillStart(async () => {
            this.state.models = await this.props.load();
        });
        for (let number = 1; number <= 9; number++) {
            useHotkey(String(number), () => this.props.onModel(this.state.models[number - 1].id), {
                isAvailable: () => number <= this.state.models.length,
            });
        }
        useHotkey("enter", () => this.props.onDismiss());
    }
}

/** A note for colleagues on this line. */
export class Comment extends Component {
    static template = "invoice_to_cash.Comment";
    static props = { text: String, onSave: Function };

    setup() {
        this.area = useRef("area");
        useEffect(
            (area) => {
                area.focus();
                area.setSelectionRange(area.value.length, area.value.length);
            },
            () => [this.area.el]
        );
        useHotkey("control+enter", () => this.save(), { bypassEditableProtection: true });
    }

    save() {
        this.props.onSave(this.area.el.value.trim());
    }
}
