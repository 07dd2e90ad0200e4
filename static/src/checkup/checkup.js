import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "receivable.checkup";

/** The ten-point check: what lives, what waits for its first case, what is off and where to mend it. */
export class ReceivableCheckup extends Component {
    static template = "invoice_to_cash.ReceivableCheckup";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, busy: false });
        this.looks = {
            lives: { icon: "fa-check-circle text-success", name: _t("Lives") },
            waiting: { icon: "fa-clock-o text-warning", name: _t("Set up, has not happened yet") },
            off: { icon: "fa-circle-o text-danger", name: _t("Off") },
        };
        onWillStart(() => this.load());
    }

    async load() {
        this.state.busy = true;
        try {
            this.state.data = await this.orm.call(MODEL, "get_checkup", []);
        } finally {
            this.state.busy = false;
        }
    }

    get title() {
        return _t("%(living)s of %(all)s live", {
            living: this.state.data.living,
            all: this.state.data.points.length,
        });
    }

    get share() {
        return (100 * this.state.data.living) / this.state.data.points.length;
    }

    async open(point) {
        return this.action.doAction(await this.orm.call(MODEL, "open_point", [point.key]));
    }
}

registry.category("actions").add("invoice_to_cash.checkup", ReceivableCheckup);
