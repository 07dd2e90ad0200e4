import { Component } from "@odoo/owl";

import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What the customer saw and did, and what we did, newest first: the days, and in them the events. */
export class TrackingTimeline extends Component {
    static template = "invoice_to_cash.TrackingTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    open(event) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: event.model,
            res_id: event.res_id,
            views: [[false, "form"]],
        });
    }

    get days() {
        const days = [];
        for (const event of this.props.record.data[this.props.name] || []) {
            const moment = deserializeDateTime(event.moment);
            const day = formatDate(moment);
            if (!days.length || days.at(-1).day !== day) {
                days.push({ day, events: [] });
            }
            days.at(-1).events.push({
                ...event,
                time: event.whole_day ? "" : moment.toFormat("HH:mm"),
                title: formatDateTime(moment),
            });
        }
        return days;
    }
}

export const trackingTimeline = {
    component: TrackingTimeline,
    displayName: _t("Timeline of an invoice"),
    supportedTypes: ["json"],
};

registry.category("fields").add("tracking_timeline", trackingTimeline);
