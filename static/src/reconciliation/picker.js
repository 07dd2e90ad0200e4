import { onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";

/**
 * A search field above rows, driven from the field: arrows move, the answers of slow searches are dropped.
 *
 * @param {(text: string, offset: number) => Promise<{rows: Object[], more: boolean}>} search
 */
export function usePicker(search) {
    const input = useRef("search");
    const list = useRef("rows");
    const keepLast = new KeepLast();
    const picker = useState({ text: "", rows: [], more: false, active: 0 });
    const load = async () => {
        const { rows, more } = await keepLast.add(search(picker.text, 0));
        Object.assign(picker, { rows, more, active: 0 });
    };
    const later = useDebounced(load, 200);
    const move = (step) => {
        picker.active = Math.max(0, Math.min(picker.rows.length - 1, picker.active + step));
    };
    onWillStart(load);
    useEffect(
        () => {
            input.el?.focus();
        },
        () => []
    );
    useEffect(
        () => {
            list.el?.querySelector(".o_active")?.scrollIntoView({ block: "nearest" });
        },
        () => [picker.active]
    );
    const options = { bypassEditableProtection: true, allowRepeat: true };
    useHotkey("arrowdown", () => move(1), options);
    useHotkey("arrowup", () => move(-1), options);
    return {
        state: picker,
        load,
        /** Ready for the next search: what was typed is replaced by what is typed next. */
        focus: () => input.el?.select(),
        onInput: (ev) => {
            picker.text = ev.target.value;
            later();
        },
        async loadMore() {
            const { rows, more } = await keepLast.add(search(picker.text, picker.rows.filter((row) => !row.is_order).length));
            picker.rows.push(...rows);
            picker.more = more;
        },
    };
}
