import { registry } from "@web/core/registry";

/** The morning: by key to the second work, put it off, take the first, open its debts. */
registry.category("web_tour.tours").add("i2c_today", {
    steps: () => [
        { content: "the heaviest stands first", trigger: ".o_i2c_work:first-child:contains('ТОО Large')" },
        { content: "and is chosen", trigger: ".o_i2c_work:first-child.o_i2c_selected" },
        {
            content: "go down by key",
            trigger: ".o_i2c_today",
            run: () => document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "ArrowDown", bubbles: true })),
        },
        {
            content: "put the second off",
            trigger: ".o_i2c_work:nth-child(2).o_i2c_selected",
            run: () => document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyL", bubbles: true })),
        },
        { content: "it is gone", trigger: ".o_i2c_works:not(:has(.o_i2c_work:nth-child(2)))" },
        { content: "open the debts", trigger: ".o_i2c_work button.btn-primary:contains('Debts')", run: "click" },
        { content: "they are listed", trigger: ".o_list_view .o_data_row td[name='residual']:contains('90,000.00')" },
    ],
});
