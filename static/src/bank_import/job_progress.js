import { Component, onWillUnmount, onWillUpdateProps, status, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ASK_EVERY = 2000; // milliseconds
const WAITING = ["waiting", "running"];

/** How far a file in the background is; when it is in, the record is read again. */
export class BankImportJobProgress extends Component {
    static template = "invoice_to_cash.BankImportJobProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ done: 0, total: 0, running: false });
        this.watch(this.props.record);
        onWillUpdateProps((props) => this.watch(props.record));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get percent() {
        return this.state.total ? Math.round((100 * this.state.done) / this.state.total) : 0;
    }

    watch(record) {
        clearTimeout(this.timer);
        const { state, line_count, done_count } = record.data;
        this.state.running = WAITING.includes(state);
        Object.assign(this.state, { done: done_count, total: line_count });
        if (this.state.running) {
            this.timer = setTimeout(() => this.ask(record), ASK_EVERY);
        }
    }

    async ask(record) {
        const { state, done, total } = await this.orm.silent.call("bank.import.job", "get_progress", [
            record.resId,
        ]);
        if (status(this) === "destroyed") {
            return; // the view was left meanwhile
        }
        Object.assign(this.state, { done, total });
        if (WAITING.includes(state)) {
            this.timer = setTimeout(() => this.ask(record), ASK_EVERY);
        } else {
            await record.load();
        }
    }
}

registry.category("fields").add("bank_import_job_progress", {
    component: BankImportJobProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "line_count", type: "integer" },
    ],
});
