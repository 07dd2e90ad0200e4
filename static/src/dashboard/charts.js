import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

const PLUM = "#714b67";
const PLUM_ON_DARK = "#b48aa9";
const GREY = "#6c757d";
const BLUE = "#5b9bd5";
const PALE_BLUE = "#a2c5e8";
const GREEN = "#28a745";
const RED = "#dc3545";
const TEAL = "#17a2b8";
const BAND = "rgba(91, 155, 213, 0.25)";

/** The colours that suit the text around a chart, light or dark, whichever theme made it so. */
export function getPalette(el) {
    const [red, green, blue] = (getComputedStyle(el).color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
    const isDark = red + green + blue > 382;
    const ink = (alpha) => `rgba(${red}, ${green}, ${blue}, ${alpha})`;
    return { ink: ink(0.8), grid: ink(0.12), main: isDark ? PLUM_ON_DARK : PLUM };
}

function getOptions(palette, { ticks = {}, stacked = false, beginAtZero = true, ...more } = {}) {
    return {
        responsive: true,
        maintainAspectRatio: false,
        animation: false,
        plugins: { legend: { position: "bottom", labels: { color: palette.ink, boxWidth: 12 } } },
        scales: {
            x: { stacked, ticks: { color: palette.ink }, grid: { display: false } },
            y: { stacked, beginAtZero, ticks: { color: palette.ink, ...ticks }, grid: { color: palette.grid } },
        },
        ...more,
    };
}

/** DSO of the month ends: simple, count-back, best possible. */
export function getHistoryConfig(palette, history, onClick) {
    const line = (label, name, color, extra = {}) => ({
        label: label.toString(),
        data: history.map((row) => row[name]),
        borderColor: color,
        backgroundColor: color,
        tension: 0.3,
        pointRadius: 2,
        spanGaps: true,
        ...extra,
    });
    return {
        type: "line",
        data: {
            labels: history.map((row) => deserializeDate(row.month).toFormat("LLL yy")),
            datasets: [
                line(_t("DSO"), "dso", palette.main),
                line(_t("Count-back"), "dso_count_back", TEAL),
                line(_t("Best possible"), "dso_best", GREEN, { borderDash: [5, 4] }),
            ],
        },
        options: getOptions(palette, { onClick }),
    };
}

/**
 * Money per week: received, then expected with the band between P10 and P90. Of the past weeks the band is
 * what had been expected at their beginning. Without a forecast, what falls due.
 */
export function getWeeksConfig(palette, weeks, formatMoney, onClick) {
    const now = weeks.findIndex((row) => row.due !== null);
    const isForecast = weeks.some((row, index) => index >= now && row.forecast);
    const ahead = (read) => weeks.map((row, index) => (index >= now && row.forecast ? read(row.forecast) : null));
    const bar = (label, data, color) => ({ label: label.toString(), data, backgroundColor: color, stack: "money", order: 2 });
    const edge = (label, name, extra) => ({
        type: "line",
        label: label.toString(),
        data: weeks.map((row) => row.forecast && row.forecast[name]),
        borderColor: "transparent",
        backgroundColor: BAND,
        pointRadius: 0,
        tension: 0.3,
        order: 1,
        stack: name, // of its own: the lines are levels, no parts
        ...extra,
    });
    const datasets = [bar(_t("Received"), weeks.map((row) => row.collected), palette.main)];
    if (isForecast) {
        datasets.push(
            bar(_t("Expected of open invoices"), ahead((row) => row.expected - row.pace), BLUE),
            bar(_t("Expected of invoices to come"), ahead((row) => row.pace), PALE_BLUE),
            edge(_t("P10"), "p10", { isEdge: true }),
            edge(_t("Eight weeks of ten within"), "p90", { fill: "-1" })
        );
    } else {
        datasets.push(bar(_t("Falls due"), weeks.map((row) => row.due), PALE_BLUE));
    }
    const options = getOptions(palette, {
        stacked: true,
        onClick,
        ticks: { callback: (amount) => formatFloat(amount, { humanReadable: true, decimals: 0 }) },
        interaction: { mode: "index", intersect: false },
    });
    options.plugins.legend.labels.filter = (item, data) => !data.datasets[item.datasetIndex].isEdge;
    options.plugins.tooltip = {
        callbacks: {
            label: (item) => {
                if (item.raw === null || item.raw === undefined) {
                    return null;
                }
                const name = item.dataset.fill ? _t("P90").toString() : item.dataset.label;
                return `${name}: ${formatMoney(item.raw)}`;
            },
        },
    };
    return {
        type: "bar",
        data: { labels: weeks.map((row) => deserializeDate(row.week).toFormat("d LLL")), datasets },
        options,
    };
}

/** The change of the DSO in steps: bars that begin where the one before them ends. */
export function getChangeConfig(palette, steps, onClick) {
    const isWhole = ({ key }) => key === "before" || key === "after";
    const format = (step) => {
        const text = formatFloat(step.days, { digits: [16, 1] });
        return step.days > 0 && !isWhole(step) ? `+${text}` : text;
    };
    const getColor = (step) => {
        if (isWhole(step)) {
            return palette.main;
        }
        return Math.abs(step.days) < 0.005 ? GREY : step.days > 0 ? RED : GREEN;
    };
    let level = 0;
    const bars = steps.map((step) => {
        const from = isWhole(step) ? 0 : level;
        level = from + step.days;
        return [from, level];
    });
    const low = Math.min(...bars.slice(1, -1).flat(), bars[0][1]);
    const options = getOptions(palette, { onClick });
    options.plugins.legend.display = false;
    // A bar from zero makes steps of a day invisible when the DSO is at sixty.
    options.scales.y.min = Math.max(Math.floor(low * 0.8), Math.min(Math.floor(low), 0));
    options.scales.x.ticks.autoSkip = false;
    options.plugins.tooltip = { callbacks: { label: (item) => format(steps[item.dataIndex]) } };
    return {
        type: "bar",
        data: {
            labels: steps.map((step) => [step.label, format(step)]),
            datasets: [
                {
                    data: bars,
                    backgroundColor: steps.map(getColor),
                    minBarLength: 2,
                },
            ],
        },
        options,
    };
}
