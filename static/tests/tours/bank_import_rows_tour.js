import { inputFiles } from "@web/../tests/utils";
import { registry } from "@web/core/registry";

const fileIds = (new URLSearchParams(window.location.search).get("i2c_files") || "").split(",");

async function stored(id) {
    const response = await fetch(`/web/content/${id}`);
    const name = /filename\*?=(?:UTF-8'')?"?([^";]+)/.exec(response.headers.get("Content-Disposition") || "");
    return new File([await response.blob()], name ? name[1] : `${id}.txt`);
}

/** An archive, a file of an account that nobody has, and a period that is there already in another format. */
registry.category("web_tour.tours").add("i2c_bank_import_rows", {
    steps: () => [
        {
            content: "choose the files",
            trigger: ".modal .o_field_many2many_binary",
            async run() {
                const files = await Promise.all(fileIds.map(stored));
                await inputFiles(".modal .o_field_many2many_binary input.o_input_file", files);
            },
        },
        {
            content: "each file of the archive is a row, the broken one too",
            trigger: ".modal .o_data_row:contains('cut.txt') .badge:contains('Problem')",
        },
        {
            content: "a period in another format is asked about",
            trigger: ".modal .o_data_row:contains('july.sta') td[name='duplicate_count']:contains('2')",
        },
        {
            content: "the account that nobody has waits for its journal",
            trigger: ".modal .o_data_row:contains('forte.txt') .badge:contains('Choose the journal')",
        },
        {
            content: "go to its journal",
            trigger: ".modal .o_data_row:contains('forte.txt') td[name='journal_id']",
            run: "click",
        },
        {
            content: "choose it",
            trigger: ".modal .o_selected_row td[name='journal_id'] input",
            run: "edit Forte tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Forte tour')",
            run: "click",
        },
        {
            content: "now it can come in",
            trigger: ".modal .o_data_row:contains('forte.txt') td[name='new_count']:contains('1')",
        },
        {
            content: "import",
            trigger: ".modal button[name='action_import']",
            run: "click",
        },
        {
            content: "what was left out",
            trigger: ".modal button[name='action_open_duplicates']",
            run: "click",
        },
        {
            content: "one of them is another operation after all",
            trigger: ".o_list_view .o_data_row:contains('Payment 1') button[name='action_import']",
            run: "click",
        },
        {
            content: "it does not wait any more",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Payment 1')))",
        },
        {
            content: "the other one is the same",
            trigger: ".o_list_view .o_data_row:contains('Payment 2') button[name='action_same']",
            run: "click",
        },
        {
            content: "nothing waits",
            trigger: ".o_list_view:not(:has(.o_data_row))",
        },
    ],
});
