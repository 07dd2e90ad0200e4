import { registry } from "@web/core/registry";

const press = (key, code) => ({
    content: `press ${key}`,
    trigger: ".o_i2c_reconciliation[aria-busy='false']",
    run() {
        document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })
        );
    },
});

/** The list, then one line after the other with the keys of a Russian keyboard. */
registry.category("web_tour.tours").add("i2c_reconciliation", {
    steps: () => [
        {
            content: "from the list to the wizard",
            trigger: ".o_list_view .o_data_row:contains('ТОО СтройСервис')",
        },
        { trigger: "button.o_i2c_one_by_one", run: "click" },
        {
            content: "the surest line stands first, with its reasons",
            trigger: ".o_i2c_suggestion.o_active .o_i2c_why li:contains('amount equals the residual')",
        },
        press("Enter"),
        {
            content: "the next one has two suggestions; the second is chosen by its number",
            trigger: ".o_i2c_payment:contains('555') ~ .o_i2c_answer .o_i2c_suggestion:eq(1)",
        },
        press("2", "Digit2"),
        { trigger: ".o_i2c_suggestion:eq(1).o_active" },
        press("Enter"),
        {
            content: "nothing is suggested for the last: find by hand, remember the payer",
            trigger: ".o_i2c_none",
        },
        press("ь", "KeyM"),
        { trigger: ".o_i2c_remember" },
        press("а", "KeyF"),
        { trigger: ".o_i2c_search input", run: "edit Иванов" },
        { trigger: ".o_i2c_row.o_active:contains('ИП Иванов')" },
        {
            content: "the only row fits",
            trigger: ".o_i2c_rows:not(:has(.o_i2c_row:eq(1)))",
            run: "press Enter",
        },
        {
            content: "something is missing, and stays open",
            trigger: ".o_i2c_outcomes [data-outcome='partial'][aria-checked='true']",
        },
        { trigger: ".o_i2c_apply:enabled", run: "click" },
        { content: "nothing is left", trigger: ".o_i2c_done:contains('Nothing waits')" },
        press("г", "KeyU"),
        { content: "the last one is back", trigger: ".o_i2c_payment:contains('Undone')" },
        press("ы", "KeyS"),
        { content: "skipped", trigger: ".o_i2c_done button:contains('Go through the skipped')" },
    ],
});
