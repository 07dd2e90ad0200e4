import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatCurrency } from "@web/core/currency";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "receivable.worklist";
const REMEMBERED = "invoice_to_cash.today.scope";
const SCOPES = ["mine", "team", "all"];

/** What needs a human today, the most worthwhile first; each row has its next step. */
export class ReceivableToday extends Component {
    static template = "invoice_to_cash.ReceivableToday";
    static components = { Dropdown, DropdownItem, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.list = useRef("list");
        const scope = browser.localStorage.getItem(REMEMBERED);
        this.state = useState({
            data: null,
            busy: false,
            selected: 0,
            scope: SCOPES.includes(scope) ? scope : "all",
            source: null,
        });
        this.scopes = [
            { key: "mine", label: _t("Mine") },
            { key: "team", label: _t("My team") },
            { key: "all", label: _t("All") },
        ];
        this.chances = { good: _t("good chance"), fair: _t("fair chance"), slim: _t("slim chance") };
        this.delays = [
            { days: 1, label: _t("Tomorrow") },
            { days: 3, label: _t("In three days") },
            { days: 7, label: _t("In a week") },
            { days: 30, label: _t("In a month") },
        ];
        onWillStart(() => this.load());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.data = await this.orm.call(MODEL, "get_today", [this.state.scope, this.state.source]);
            this.state.selected = Math.max(0, Math.min(this.state.selected, this.items.length - 1));
        } finally {
            this.state.busy = false;
        }
    }

    get items() {
        return this.state.data.items;
    }

    get current() {
        return this.items[this.state.selected];
    }

    get total() {
        return this.state.data.sources.reduce((sum, source) => sum + source.count, 0);
    }

    get hidden() {
        const shown = this.state.source
            ? this.state.data.sources.filter((source) => source.key === this.state.source)
            : this.state.data.sources;
        return shown
            .map((source) => ({
                ...source,
                more: source.count - this.items.filter((item) => item.source === source.key).length,
            }))
            .filter((source) => source.more > 0 && source.count > 40);
    }

    get doneByItself() {
        const { payments, reminders, invoices } = this.state.data.by_itself;
        return [
            payments && _t("payments applied: %s", payments),
            reminders && _t("reminders sent: %s", reminders),
            invoices && _t("invoices sent: %s", invoices),
        ].filter(Boolean);
    }

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id, { digits: [16, 0] });
    }

    moreOf(source) {
        return _t("%(source)s: %(number)s more", { source: source.label, number: source.more });
    }

    waiting(item) {
        return item.days > 0 ? _t("%s d", item.days) : _t("today");
    }

    /** What the place of the row is made of. */
    why(item) {
        return _t("%(amount)s × urgency %(urgency)s × chance %(chance)s %% = worth %(worth)s today", {
            amount: this.money(item.amount),
            urgency: item.urgency.toFixed(1),
            chance: Math.round(item.chance * 100),
            worth: this.money(item.worth),
        });
    }

    setScope(scope) {
        browser.localStorage.setItem(REMEMBERED, scope);
        this.state.scope = scope;
        this.state.selected = 0;
        return this.load();
    }

    setSource(source) {
        this.state.source = this.state.source === source ? null : source;
        this.state.selected = 0;
        return this.load();
    }

    async run(item, step = item.actions[0]) {
        const result = await this.orm.call(MODEL, "act", [item.source, item.res_id, step.key]);
        return this.show(result);
    }

    async show(result) {
        if ("done" in result) {
            this.notification.add(result.done, { type: result.type });
            return this.load();
        }
        return this.action.doAction(result, { onClose: () => this.load() });
    }

    async openAll(source) {
        return this.show(await this.orm.call(MODEL, "open_all", [source.key]));
    }

    openPartner(item) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: item.partner_id,
            views: [[false, "form"]],
        });
    }

    async take(item) {
        await this.mark(item, { user_id: this.state.data.user_id });
        this.notification.add(_t("It is yours now."), { type: "success" });
    }

    async putOff(item, days) {
        await this.mark(item, { days });
    }

    async mark(item, values) {
        await this.orm.call("receivable.work.mark", "set_mark", [[[item.source, item.res_id]]], values);
        return this.load();
    }

    async assign(item) {
        const title = [item.title, item.label].filter(Boolean).join(": ");
        return this.show(await this.orm.call("receivable.work.mark", "open_mark", [item.source, item.res_id, title]));
    }

    openPutOff() {
        return this.action.doAction("invoice_to_cash.action_work_marks");
    }

    /** Keys by their place, so that they work with a Russian layout too. */
    onKeydown(ev) {
        const busyElsewhere =
            ev.ctrlKey ||
            ev.altKey ||
            ev.metaKey ||
            ev.target.closest?.("input, textarea, select, [contenteditable=true], .modal, .o-dropdown--menu") ||
            document.querySelector(".modal.o_technical_modal, .o_command_palette");
        if (busyElsewhere || this.state.busy || !this.items.length) {
            return;
        }
        const item = this.current;
        const steps = {
            ArrowDown: () => this.select(this.state.selected + 1),
            KeyJ: () => this.select(this.state.selected + 1),
            ArrowUp: () => this.select(this.state.selected - 1),
            KeyK: () => this.select(this.state.selected - 1),
            Enter: () => this.run(item),
            KeyM: () => this.take(item),
            KeyL: () => this.putOff(item, 1),
            KeyA: () => this.assign(item),
            KeyO: () => item.partner_id && this.openPartner(item),
        };
        const step = steps[ev.code];
        // Enter on a button is that button's.
        if (!step || (ev.code === "Enter" && ev.target.closest?.("button, a"))) {
            return;
        }
        ev.preventDefault();
        step();
    }

    select(place) {
        this.state.selected = Math.max(0, Math.min(place, this.items.length - 1));
        this.list.el?.children[this.state.selected]?.scrollIntoView({ block: "nearest" });
    }
}

registry.category("actions").add("invoice_to_cash.today", ReceivableToday);
