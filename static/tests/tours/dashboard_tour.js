import { registry } from "@web/core/registry";

/** The overview, and from a part of its aging bar to the items behind it. */
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
    ],
});
