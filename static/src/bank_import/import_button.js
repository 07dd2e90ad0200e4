import { Component, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const ASK_EVERY = 1500; // milliseconds

/** The button that imports, and how far a large file is: it comes in as a whole, which takes its time. */
export class BankImportButton extends Component {
    static template = "invoice_to_cash.BankImportButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ running: false, filename: "", done: 0, total: 0 });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get percent() {
        return this.state.total ? Math.round((100 * this.state.done) / this.state.total) : 0;
    }

    async onClick() {
        const record = this.props.record;
        if (this.state.running) {
            return;
        }
        this.state.running = true;
        try {
            if (!(await record.save({ reload: false }))) {
                return;
            }
            const token = `${record.resId}-${Date.now()}`;
            this.timer = setInterval(() => this.ask(token), ASK_EVERY);
            const action = await this.orm.call(record.resModel, "action_import", [[record.resId]], {
                context: { ...record.context, bank_import_progress: token },
            });
            await this.action.doAction(action);
        } finally {
            clearInterval(this.timer);
            this.state.running = false;
        }
    }

    async ask(token) {
        const progress = await this.orm.silent.call("bank.import.wizard", "get_progress", [token]);
        Object.assign(this.state, progress);
    }
}

registry.category("view_widgets").add("bank_import_button", { component: BankImportButton });
