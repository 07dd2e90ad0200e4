import { inputFiles } from "@web/../tests/utils";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const fileId = new URLSearchParams(window.location.search).get("i2c_file");

/** The accountant's morning: drop a bank file, see what it brings, import, decide the rest. */
registry.category("web_tour.tours").add("i2c_bank_import_and_match", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "open Receivables",
            trigger: ".o_app[data-menu-xmlid='invoice_to_cash.menu_receivables_root']",
            run: "click",
        },
        {
            content: "open the Bank menu",
            trigger: "[data-menu-xmlid='invoice_to_cash.menu_bank']",
            run: "click",
        },
        {
            content: "import a bank file",
            trigger: ".dropdown-item[data-menu-xmlid='invoice_to_cash.menu_bank_import']",
            run: "click",
        },
        {
            content: "choose the file",
            trigger: ".modal .o_field_many2many_binary",
            async run() {
                // The test has stored the file and named it in the address.
                const response = await fetch(`/web/content/${fileId}`);
                const content = await response.text();
                const file = new File([content], "kaspi.txt", { type: "text/plain" });
                await inputFiles(".modal .o_field_many2many_binary input.o_input_file", [file]);
            },
        },
        {
            content: "the preview tells what is new before anything is written",
            trigger: ".modal .o_list_view td[name='new_count']:contains('3')",
        },
        {
            content: "import",
            trigger: ".modal button[name='action_import']",
            run: "click",
        },
        {
            content: "the result",
            trigger: ".modal .alert-success:contains('applied to invoices')",
        },
        {
            content: "go on to what needs a decision",
            trigger: ".modal button[name='action_match']",
            run: "click",
        },
        {
            content: "accept the one proposal",
            trigger: ".o_list_view .o_data_row:contains('ТОО СтройСервис') button[name='action_accept']",
            run: "click",
        },
        {
            content: "it is applied and no longer waits",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('ТОО СтройСервис')))",
        },
    ],
});
