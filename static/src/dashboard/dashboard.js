import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { getChangeConfig, getHistoryConfig, getPalette, getWeeksConfig } from "./charts";

const BUCKET_COLORS = {
    b0: "#28a745",
    b1: "#8bc34a",
    b2: "#ffc107",
    b3: "#fd7e14",
    b4: "#dc3545",
};

function getWeekDomain(field, week) {
    return [
        [field, ">=", week],
        [field, "<=", deserializeDate(week).plus({ days: 6 }).toISODate()],
    ];
}

/** The overview of receivables: figures with their targets, aging, cash per week, debtors, stuck money. */
export class ReceivableDashboard extends Component {
    static template = "invoice_to_cash.ReceivableDashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, busy: false, span: "quarter" });
        this.historyRef = useRef("history");
        this.weeksRef = useRef("weeks");
        this.changeRef = useRef("change");
        this.charts = [];
        this.cardTexts = {
            dso: { name: _t("DSO"), help: _t("Days of sales that are not paid yet; sales of the last 90 days.") },
            share_young: {
                name: _t("Young Receivables"),
                help: _t("Share of receivables that are not due or at most 30 days late."),
            },
            share_over_90: {
                name: _t("Over 90 Days"),
                help: _t("Share of receivables that are more than 90 days late."),
            },
            collection_rate: {
                name: _t("Paid in Time"),
                help: _t("Of the invoices that fell due in the last 30 days, those paid by their due date."),
            },
            bad_debt_ratio: {
                name: _t("Bad Debt"),
                help: _t("Share of receivables that are older than the company's limit for hopeless debts."),
            },
            effectiveness: {
                name: _t("Effectiveness (CEI)"),
                help: _t("Of what could be collected in the last 30 days, the share that was."),
            },
            match_rate: {
                name: _t("Matched by Itself"),
                help: _t("Of the customers' payments of the last 30 days, those applied in full without a touch."),
            },
            match_precision: {
                name: _t("Proposals That Stood"),
                help: _t("Of the proposals followed in the last 90 days, those that nobody took back."),
            },
            promise_kept_rate: {
                name: _t("Promises Kept"),
                help: _t("Of the promises whose day came in the last 90 days, those that were kept."),
            },
            reconciling_hours: {
                name: _t("Hours on Payments"),
                help: _t("Active time of all people on payments in the last full month."),
            },
        };
        this.dsoTexts = {
            count_back: _t("Count-back: sales are taken off month by month"),
            best: _t("Best possible: if everybody paid in time"),
            true: _t("True: age of each open invoice by its share in its month's sales"),
            conventional: _t("Conventional: receivables × 30 / sales of the last full month"),
        };
        this.freedText = _t("Cash Freed");
        this.tiedText = _t("Cash Tied Up");
        this.stuckTexts = {
            not_sent: _t("Never sent"),
            not_opened: _t("Sent, never opened"),
            disputed: _t("Disputed"),
            promised: _t("Promised"),
            unmatched: _t("Money without an invoice"),
        };
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load("get_dashboard")]);
        });
        useEffect(
            () => {
                this.drawCharts();
                return () => this.destroyCharts();
            },
            () => [this.state.data, this.state.span]
        );
        onWillUnmount(() => this.destroyCharts());
    }

    async load(method) {
        this.state.busy = true;
        try {
            this.state.data = await this.orm.call("receivable.kpi", method, []);
        } finally {
            this.state.busy = false;
        }
    }

    get isEmpty() {
        return !this.state.data.as_of;
    }

    get debtTotal() {
        return this.state.data.aging
            .filter((bucket) => bucket.key !== "b5")
            .reduce((sum, bucket) => sum + Math.max(bucket.amount, 0), 0);
    }

    get overdueTotal() {
        return this.state.data.aging
            .filter((bucket) => !["b0", "b5"].includes(bucket.key))
            .reduce((sum, bucket) => sum + bucket.amount, 0);
    }

    get buckets() {
        const total = this.debtTotal;
        return this.state.data.aging.map((bucket) => ({
            ...bucket,
            color: BUCKET_COLORS[bucket.key] || "#6c757d",
            share: total > 0 && bucket.key !== "b5" ? Math.max(bucket.amount, 0) / total : 0,
        }));
    }

    get mainCards() {
        return this.state.data.cards.slice(0, 5);
    }

    get workCards() {
        return this.state.data.cards.slice(5);
    }

    get change() {
        const changes = this.state.data.changes;
        return changes.find((each) => each.span === this.state.span) || changes[0];
    }

    /** A sentence on how right the forecast was. */
    get forecastText() {
        const { error, by_due, by_average } = this.state.data.forecast;
        return _t("Off by %(error)s in the last 12 weeks; due dates were off by %(due)s, the average by %(average)s.", {
            error: this.percent(error),
            due: this.percent(by_due),
            average: this.percent(by_average),
        });
    }

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id, { digits: [16, 0] });
    }

    count(number) {
        return formatInteger(number);
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    value(card, number = card.value) {
        if (number === null || number === undefined) {
            return "–";
        }
        const text = formatFloat(card.unit === "share" ? number * 100 : number, { digits: [16, 1] });
        return { share: `${text} %`, hours: _t("%s h", text).toString() }[card.unit] || text;
    }

    percent(share) {
        return `${formatFloat(share * 100, { digits: [16, 0] })} %`;
    }

    /** What a card means; for the DSO also what the other ways of counting say. */
    help(card) {
        const lines = [this.cardTexts[card.key].help];
        const variants = card.key === "dso" ? this.state.data.dso_variants || {} : {};
        for (const [key, days] of Object.entries(variants)) {
            lines.push(`${this.dsoTexts[key]}: ${this.value(card, days)}`);
        }
        return lines.join("\n");
    }

    changeClass(card) {
        if (!card.change) {
            return "text-muted";
        }
        return card.change > 0 === (card.better === "up") ? "text-success" : "text-danger";
    }

    target(card) {
        if (card.good === null) {
            return "";
        }
        const good = this.value(card, card.good);
        return card.better === "up" ? _t("good from %s", good) : _t("good up to %s", good);
    }

    /** Points of the small trend line in a box of 100 x 24. */
    sparkline(card) {
        const known = card.trend.filter((number) => number !== null);
        if (known.length < 2) {
            return "";
        }
        const low = Math.min(...known);
        const span = Math.max(...known) - low || 1;
        const step = 100 / (known.length - 1);
        return known.map((number, index) => `${index * step},${22 - ((number - low) / span) * 20}`).join(" ");
    }

    destroyCharts() {
        for (const chart of this.charts) {
            chart.destroy();
        }
        this.charts = [];
    }

    drawCharts() {
        const data = this.state.data;
        if (!data || !this.historyRef.el) {
            return;
        }
        const palette = getPalette(this.historyRef.el);
        const draw = (ref, config) => ref.el && this.charts.push(new Chart(ref.el, config));
        draw(this.historyRef, getHistoryConfig(palette, data.history, () => this.openHistory()));
        draw(
            this.weeksRef,
            getWeeksConfig(
                palette,
                data.weeks,
                (amount) => this.money(amount),
                (ev, [point]) => point && this.openWeek(data.weeks[point.index])
            )
        );
        if (this.change) {
            draw(this.changeRef, getChangeConfig(palette, this.change.steps, () => this.openChange()));
        }
    }

    openHistory() {
        this.action.doAction("invoice_to_cash.action_receivable_kpi", {
            additionalContext: { graph_measure: "dso" },
        });
    }

    /** What came in during a past week, what is expected in another. */
    openWeek({ week, due, forecast }) {
        if (due === null) {
            this.openList("receivable.kpi", getWeekDomain("date", week), _t("Received in the week of %s", this.day(week)));
        } else if (forecast) {
            this.openList("cash.forecast.item", [["week", "=", week]], _t("Expected in the week of %s", this.day(week)));
        } else {
            this.openList("receivable.aging", getWeekDomain("date_due", week), _t("Due in the week of %s", this.day(week)));
        }
    }

    openForecast() {
        this.action.doAction("invoice_to_cash.action_cash_forecast");
    }

    openForecastErrors() {
        this.action.doAction("invoice_to_cash.action_cash_forecast_error");
    }

    openScenario() {
        this.action.doAction("invoice_to_cash.action_cash_forecast_scenario");
    }

    openChange() {
        this.action.doAction("invoice_to_cash.action_dso_change");
    }

    openChangeWizard() {
        this.action.doAction("invoice_to_cash.action_dso_change_wizard");
    }

    openCashFreed() {
        this.openHistory();
    }

    openFigure(card) {
        if (!card.opens) {
            return;
        }
        if (card.key === "reconciling_hours") {
            this.action.doAction("invoice_to_cash.action_reconciling_time");
            return;
        }
        this.action.doAction("invoice_to_cash.action_receivable_kpi", {
            additionalContext: { graph_measure: card.column },
        });
    }

    openAging(bucket) {
        this.openList("receivable.aging", [["bucket", "=", bucket.key]], bucket.label);
    }

    openOverdue() {
        this.openList("receivable.aging", [["bucket", "in", ["b1", "b2", "b3", "b4"]]], _t("Overdue"));
    }

    openDebtor(debtor) {
        this.openList("receivable.aging", [["partner_id", "=", debtor.id]], debtor.name);
    }

    async openStuck(place) {
        if (place.model === "account.move") {
            // Our list of invoices has the statuses that say why they are stuck.
            const action = await this.action.loadAction("invoice_to_cash.action_invoices");
            const name = this.stuckTexts[place.key].toString();
            this.action.doAction({ ...action, name, display_name: name, domain: place.domain, context: {} });
            return;
        }
        this.openList(place.model, place.domain, this.stuckTexts[place.key]);
    }

    openList(model, domain, name) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }
}

registry.category("actions").add("invoice_to_cash.receivable_dashboard", ReceivableDashboard);
