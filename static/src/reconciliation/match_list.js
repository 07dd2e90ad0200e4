import { onWillStart } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useActiveTime } from "./active_time";

/** The list of payments: its time is measured like the wizard's, and it hands its lines over to it. */
export class MatchListController extends ListController {
    setup() {
        super.setup();
        useActiveTime();
        onWillStart(async () => {
            this.decides = await user.hasGroup("invoice_to_cash.group_cash_application");
        });
    }

    /** The chosen lines, or all that the search shows. */
    get shownDomain() {
        const { root } = this.model;
        if (root.selection.length && !root.isDomainSelected) {
            return [["id", "in", root.selection.map(({ resId }) => resId)]];
        }
        return root.domain;
    }

    async openBoard() {
        const action = await this.actionService.loadAction("invoice_to_cash.action_reconciliation");
        return this.actionService.doAction({ ...action, params: { domain: this.shownDomain } });
    }

    openAccept() {
        return this.actionService.doAction("invoice_to_cash.action_match_accept", {
            additionalContext: { default_domain: new Domain(this.shownDomain).toString() },
            onClose: () => this.model.load(),
        });
    }
}

registry.category("views").add("i2c_match_list", {
    ...listView,
    Controller: MatchListController,
    buttonTemplate: "invoice_to_cash.MatchList.Buttons",
});
