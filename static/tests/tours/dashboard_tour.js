import { registry } from "@web/core/registry";

const back = () => [
    { content: "back to the overview", trigger: ".o_breadcrumb a:contains('Overview'), .o_back_button a", run: "click" },
    { content: "it is there again", trigger: ".o_i2c_dashboard .o_i2c_card" },
];
const leads = (content, trigger, target) => [
    { content, trigger: `.o_i2c_dashboard ${trigger}`, run: "click" },
    { content: `${content}: its list`, trigger: target },
    ...back(),
];
const opens = (content, trigger, target) => [
    { content, trigger: `.o_i2c_dashboard ${trigger}`, run: "click" },
    { content: `${content}: its window`, trigger: `.modal ${target}` },
    { content: "close the window", trigger: ".modal footer button[special='cancel'], .modal .btn-close", run: "click" },
    { content: "the window is gone", trigger: "body:not(:has(.modal))" },
];

/** The overview, and from each of its elements to the list behind it. */
registry.category("web_tour.tours").add("i2c_dashboard", {
    steps: () => [
        { content: "the figures stand there", trigger: ".o_i2c_card .h3:contains('80')" },
        { content: "the charts are drawn", trigger: ".o_i2c_chart canvas" },
        {
            content: "open what is 31 to 60 days late",
            trigger: ".o_i2c_dashboard a:contains('31–60')",
            run: "click",
        },
        { content: "its items are listed", trigger: ".o_list_view .o_data_row td[name='residual']:contains('1,000.00')" },
        ...back(),
        ...leads("receivables", ".o_i2c_card:not([data-card])", ".o_list_view .o_data_row td[name='bucket']"),
        ...leads("DSO", ".o_i2c_card[data-card='dso']", ".o_graph_renderer canvas"),
        ...leads("paid in time", ".o_i2c_card[data-card='collection_rate']", ".o_graph_renderer canvas"),
        ...leads("cash freed", ".o_i2c_card[data-card='cash_freed']", ".o_graph_renderer canvas"),
        ...leads("part of the bar", ".o_i2c_aging .progress-bar:first", ".o_list_view .o_data_row"),
        ...leads("DSO over 12 months", "h5 a:contains('DSO over')", ".o_graph_renderer canvas"),
        ...leads("expected money", "h5 a:contains('Money per week')", ".o_list_view .o_data_row td[name='expected']"),
        ...opens("what if", "button:contains('What if')", "[name='partner_ids']"),
        ...leads("change of the DSO", "h5 a:contains('Why the DSO')", ".o_list_view .o_data_row td[name='step']"),
        ...opens("other days", "button:contains('Other days')", "[name='date_from']"),
        ...leads("largest debtor", "tr:contains('СтройСервис')", ".o_list_view .o_data_row td[name='residual']"),
        ...leads("not sent", "tr:contains('Never sent')", ".o_list_view .o_data_row:contains('СтройСервис')"),
        ...leads("disputed", "tr:contains('Disputed')", ".o_list_view"),
        ...leads("money without an invoice", "tr:contains('Money without')", ".o_list_view"),
    ],
});
