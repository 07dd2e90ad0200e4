import { registry } from "@web/core/registry";

/** The ten-point check: what is off leads to where it is mended. */
registry.category("web_tour.tours").add("i2c_checkup", {
    steps: () => [
        { content: "ten points", trigger: ".o_i2c_checkup .list-group-item:nth-child(10)" },
        { content: "no feed", trigger: "[data-point=bank][data-state=off]:contains('There is no bank feed.')" },
        { content: "go and make one", trigger: "[data-point=bank] button", run: "click" },
        { content: "here", trigger: ".o_breadcrumb:contains('Feeds')" },
    ],
});
