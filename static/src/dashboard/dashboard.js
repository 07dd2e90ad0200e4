import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const BUCKET_COLORS = {
    b0: "#28a745",
    b1: "#8bc34a",
    b2: "#ffc107",
    b3: "#fd7e14",
    b4: "#dc3545",
};

/** The overview of receivables: figures with their targets, aging, cash per week, debtors, stuck money. */
export class ReceivableDashboard extends Component {
    static template = "invoice_to_cash.ReceivableDashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, busy: false });
        this.historyRef = useRef("history");
        this.weeksRef = useRef("weeks");
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
        };
        this.stuckTexts = {
            not_sent: _t("Not sent"),
            not_opened: _t("Sent, never opened"),
            disputed: _t("Disputed"),
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
            () => [this.state.data]
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

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id, { digits: [16, 0] });
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    value(card, number = card.value) {
        if (number === null || number === undefined) {
            return "–";
        }
        return card.unit === "share"
            ? `${formatFloat(number * 100, { digits: [16, 1] })} %`
            : formatFloat(number, { digits: [16, 1] });
    }

    percent(share) {
        return `${formatFloat(share * 100, { digits: [16, 0] })} %`;
    }

    changeClass(card) {
        if (!card.change) {
            return "text-muted";
        }
        return card.change > 0 === (card.better === "up") ? "text-success" : "text-danger";
    }

    target(card) {
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
        const dark = cookie.get("color_scheme") === "dark";
        const ink = dark ? "#ced4da" : "#495057";
        const grid = dark ? "#343a40" : "#e9ecef";
        const scales = (ticks) => ({
            x: { ticks: { color: ink }, grid: { display: false } },
            y: { beginAtZero: true, ticks: { color: ink, ...ticks }, grid: { color: grid } },
        });
        const plugins = { legend: { position: "bottom", labels: { color: ink, boxWidth: 12 } } };
        const line = (label, name, color, extra = {}) => ({
            label,
            data: data.history.map((row) => row[name]),
            borderColor: color,
            backgroundColor: color,
            tension: 0.3,
            pointRadius: 2,
            spanGaps: true,
            ...extra,
        });
        this.charts.push(
            new Chart(this.historyRef.el, {
                type: "line",
                data: {
                    labels: data.history.map((row) => deserializeDate(row.month).toFormat("LLL yy")),
                    datasets: [
                        line(_t("DSO").toString(), "dso", "#714b67"),
                        line(_t("Count-back").toString(), "dso_count_back", "#17a2b8"),
                        line(_t("Best possible").toString(), "dso_best", "#28a745", { borderDash: [5, 4] }),
                    ],
                },
                options: { responsive: true, maintainAspectRatio: false, plugins, scales: scales() },
            }),
            new Chart(this.weeksRef.el, {
                type: "bar",
                data: {
                    labels: data.weeks.map((row) => deserializeDate(row.week).toFormat("d LLL")),
                    datasets: [
                        {
                            label: _t("Received").toString(),
                            data: data.weeks.map((row) => row.collected),
                            backgroundColor: "#714b67",
                            stack: "money",
                        },
                        {
                            label: _t("Falls due").toString(),
                            data: data.weeks.map((row) => row.due),
                            backgroundColor: "#a2c5e8",
                            stack: "due",
                        },
                    ],
                },
                options: {
                    responsive: true,
                    maintainAspectRatio: false,
                    plugins,
                    scales: scales({ callback: (amount) => formatFloat(amount, { humanReadable: true, decimals: 0 }) }),
                },
            })
        );
    }

    openFigure(card) {
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

    openStuck(place) {
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
