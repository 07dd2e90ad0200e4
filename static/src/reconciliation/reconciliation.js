import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useActiveTime } from "./active_time";
import { Board } from "./board";
import { OpenItems } from "./open_items";
import { OUTCOMES } from "./outcomes";
import { Advance, Comment, NotCustomer } from "./side_panels";
import { Suggestion } from "./suggestion";

const ORDERS = [
    ["sure", _t("Surest first")],
    ["large", _t("Largest first")],
    ["old", _t("Oldest first")],
    ["payer", _t("By payer")],
];

/** One bank line after the other, decided with a key each. */
export class Reconciliation extends Component {
    static template = "invoice_to_cash.Reconciliation";
    static components = { Advance, Comment, NotCustomer, OpenItems, Suggestion };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        useActiveTime();
        this.orders = ORDERS;
        this.board = useState(new Board(this.orm, this.props.action.params?.domain || []));
        this.ui = useState({ panel: "suggestions", active: 0, outcome: "partial", remember: false, busy: false });
        this.commands = this.makeCommands();
        for (const command of this.commands) {
            useHotkey(command.hotkey, () => command.run(), {
                isAvailable: () => !this.ui.busy && command.isAvailable(),
                allowRepeat: Boolean(command.repeats),
            });
        }
        for (let number = 1; number <= 9; number++) {
            useHotkey(String(number), () => this.choose(number - 1), {
                isAvailable: () => this.isChoosing && number <= this.candidates.length,
            });
        }
        useHotkey("escape", () => this.show("suggestions"), {
            bypassEditableProtection: true,
            isAvailable: () => this.ui.panel !== "suggestions",
        });
        onWillStart(() => this.board.start());
        onWillStart(() => this.settle());
    }

    /** Every action with its key; the bar at the foot and the help show the same list. */
    makeCommands() {
        const choosing = () => this.isChoosing;
        const deciding = () => this.ui.panel === "suggestions" && this.board.isWaiting;
        const browsing = () => this.ui.panel === "suggestions" || this.ui.panel === "help";
        const short = () => choosing() && Boolean(this.candidate?.open) && this.isShort;
        return [
            { id: "accept", hotkey: "enter", keys: "Enter", label: _t("Accept and next"), run: () => this.enter(), isAvailable: browsing, hidden: true },
            { id: "down", hotkey: "arrowdown", keys: "↓", label: _t("Next suggestion"), run: () => this.choose(this.ui.active + 1), isAvailable: choosing, repeats: true, hidden: true },
            { id: "up", hotkey: "arrowup", keys: "↑", label: _t("Suggestion before"), run: () => this.choose(this.ui.active - 1), isAvailable: choosing, repeats: true, hidden: true },
            { id: "find", hotkey: "f", keys: "F", label: _t("Find and split"), icon: "fa-search", run: () => this.show("items"), isAvailable: deciding },
            { id: "advance", hotkey: "a", keys: "A", label: _t("Advance"), icon: "fa-arrow-circle-down", run: () => this.show("advance"), isAvailable: deciding },
            { id: "other", hotkey: "x", keys: "X", label: _t("Not a customer"), icon: "fa-ban", run: () => this.show("other"), isAvailable: deciding },
            { id: "remember", hotkey: "m", keys: "M", label: _t("Remember payer"), icon: "fa-bookmark-o", run: () => this.toggleRemember(), isAvailable: deciding },
            { id: "comment", hotkey: "c", keys: "C", label: _t("Comment"), icon: "fa-comment-o", run: () => this.show("comment"), isAvailable: () => browsing() && Boolean(this.board.line) },
            { id: "again", hotkey: "r", keys: "R", label: _t("Match again"), icon: "fa-refresh", run: () => this.rematch(), isAvailable: deciding },
            { id: "skip", hotkey: "s", keys: "S", label: _t("Skip"), icon: "fa-step-forward", run: () => this.skip(), isAvailable: () => browsing() && Boolean(this.board.line) },
            { id: "right", hotkey: "arrowright", keys: "→", label: _t("Skip"), run: () => this.skip(), isAvailable: () => browsing() && Boolean(this.board.line), hidden: true },
            { id: "left", hotkey: "arrowleft", keys: "←", label: _t("Line before"), icon: "fa-step-backward", run: () => this.previous(), isAvailable: () => browsing() && this.board.position > 0 },
            { id: "undo", hotkey: "u", keys: "U", label: _t("Undo"), icon: "fa-undo", run: () => this.undo(), isAvailable: () => browsing() && this.canUndo },
            { id: "open", hotkey: "l", keys: "L", label: _t("Open the line"), icon: "fa-external-link", run: () => this.openLine(), isAvailable: () => browsing() && Boolean(this.board.line) },
            { id: "order", hotkey: "o", keys: "O", label: _t("Other order"), run: () => this.nextOrder(), isAvailable: browsing, hidden: true },
            { id: "help", hotkey: "h", keys: "H", label: _t("Keys"), icon: "fa-keyboard-o", run: () => this.show(this.ui.panel === "help" ? "suggestions" : "help"), isAvailable: browsing },
            ...OUTCOMES.map((outcome) => ({
                id: outcome.id,
                hotkey: outcome.hotkey,
                keys: outcome.hotkey.toUpperCase(),
                label: _t("Short payment: %s", outcome.label),
                run: () => this.setOutcome(outcome.id),
                isAvailable: short,
                hidden: true,
            })),
        ];
    }

    get bar() {
        return this.commands.filter((command) => !command.hidden);
    }

    get candidates() {
        return this.board.line?.candidates || [];
    }

    get candidate() {
        return this.candidates[this.ui.active];
    }

    get isChoosing() {
        return this.ui.panel === "suggestions" && this.board.isWaiting && this.candidates.length > 0;
    }

    get isShort() {
        return this.candidate.short > 0 && this.candidate.rest <= 0;
    }

    get canUndo() {
        const line = this.board.line;
        return this.board.history.length > 0 || ["applied", "dismissed"].includes(line?.state);
    }

    get purpose() {
        return markup(this.board.line.purpose);
    }

    get orderLabel() {
        return ORDERS.find(([id]) => id === this.board.order)[1];
    }

    money(amount) {
        return formatCurrency(amount, this.board.line.currency_id);
    }

    get day() {
        return formatDate(deserializeDate(this.board.line.date));
    }

    /** A new line is on the table: nothing of the one before applies to it. */
    settle() {
        const chosen = this.candidates.findIndex(({ id }) => id === this.board.line.preselected);
        Object.assign(this.ui, { panel: "suggestions", remember: false });
        this.choose(Math.max(0, chosen));
    }

    show(panel) {
        this.ui.panel = panel;
    }

    choose(index) {
        this.ui.active = Math.max(0, Math.min(this.candidates.length - 1, index));
        this.ui.outcome = this.candidate?.outcome || "partial";
    }

    setOutcome(id) {
        this.ui.outcome = id;
    }

    toggleRemember() {
        this.ui.remember = !this.ui.remember;
    }

    /** One thing at a time; what the books refuse is told in words, and the line is shown as it is now. */
    async work(task) {
        if (this.ui.busy) {
            return;
        }
        this.ui.busy = true;
        try {
            await task();
            this.settle();
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            this.notification.add(error.data.message, { type: "danger" });
            if (this.board.line) {
                await this.board.show(this.board.line.id);
            }
        } finally {
            this.ui.busy = false;
        }
    }

    /** Carry a decision out, remember the payer if wished, go on. */
    decide(write, partnerId) {
        const id = this.board.line.id;
        const remember = this.ui.remember && partnerId;
        return this.work(async () => {
            await write(id);
            if (remember) {
                await this.board.call("remember_payer", [id], [partnerId]);
            }
            await this.board.decided();
        });
    }

    enter() {
        if (this.isChoosing) {
            return this.accept();
        }
        if (this.board.line) {
            return this.board.isWaiting ? this.show("items") : this.skip();
        }
        if (this.board.skipped.size) {
            return this.work(() => this.board.again());
        }
    }

    accept() {
        const { candidate, isShort } = this;
        if (!candidate.open) {
            this.notification.add(_t("The books have changed since: match again (R) or find the items (F)."), { type: "warning" });
            return;
        }
        const partnerId = candidate.partner && candidate.partner[0];
        if (isShort && this.ui.outcome !== candidate.outcome) {
            const allocations = candidate.items.map((item) => [item.id, item.applied]);
            return this.allocate(allocations, this.ui.outcome, partnerId);
        }
        return this.decide((id) => this.board.call("action_apply", [id], [candidate.id]), partnerId);
    }

    allocate(allocations, outcome, partnerId) {
        const values = { allocations, outcome, partner_id: partnerId };
        return this.decide((id) => this.board.call("allocate", [id], [], values), partnerId);
    }

    setAdvance(partnerId) {
        return this.decide((id) => this.board.call("set_as_advance", [id], [partnerId]), partnerId);
    }

    applyModel(modelId) {
        return this.decide((id) => this.board.call("apply_reco_model", [id], [modelId]));
    }

    dismiss() {
        return this.decide((id) => this.board.call("action_dismiss", [id]));
    }

    skip() {
        return this.work(() => this.board.skip());
    }

    previous() {
        return this.work(() => this.board.previous());
    }

    rematch() {
        const id = this.board.line.id;
        return this.work(async () => {
            await this.board.call("action_rematch", [id]);
            await this.board.show(id);
        });
    }

    undo() {
        return this.work(async () => {
            const answer = await this.board.undo();
            for (const text of answer?.cannot_come_back || []) {
                this.notification.add(text, { type: "warning", title: _t("Cannot come back"), sticky: true });
            }
        });
    }

    saveComment(comment) {
        const id = this.board.line.id;
        return this.work(async () => {
            await this.orm.write("payment.match", [id], { comment });
            await this.board.show(id);
        });
    }

    nextOrder() {
        const place = ORDERS.findIndex(([id]) => id === this.board.order);
        return this.setOrder(ORDERS[(place + 1) % ORDERS.length][0]);
    }

    setOrder(order) {
        return this.work(() => this.board.start(order));
    }

    openLine() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "payment.match",
            res_id: this.board.line.id,
            views: [[false, "form"]],
        });
    }

    openList() {
        return this.action.doAction("invoice_to_cash.action_payment_match", { clearBreadcrumbs: true });
    }

    searchItems(text, partnerId, offset) {
        return this.board.call("board_open_items", [this.board.line.id], [], { text, partner_id: partnerId, offset });
    }

    searchPartners(text) {
        return this.board.call("board_partners", [this.board.line.id], [text]);
    }

    loadModels() {
        return this.board.call("board_reco_models", [this.board.line.id]);
    }
}

registry.category("actions").add("invoice_to_cash.reconciliation", Reconciliation);
