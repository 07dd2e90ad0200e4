import { onMounted, onWillStart, onWillUnmount } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const IDLE = 60_000; // a longer pause between two signs of life is not work here
const REPORT_EVERY = 30_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];

/**
 * Counts the time between signs of life that lie at most a minute apart, while the page is to be seen.
 * Knows no clock of its own: moments are given to it, in milliseconds.
 */
export class ActiveTime {
    constructor() {
        this.counted = 0;
        this.last = null;
    }

    /** Somebody is there. */
    sign(now) {
        if (this.last !== null && now > this.last && now - this.last <= IDLE) {
            this.counted += now - this.last;
        }
        this.last = now;
    }

    /** The page is hidden or closed: what follows is not counted until the next sign. */
    pause(now) {
        if (this.last !== null) {
            this.sign(now);
        }
        this.last = null;
    }

    /** Whole seconds counted since the last call; the fraction is kept. */
    take() {
        const seconds = Math.floor(this.counted / 1000);
        this.counted -= seconds * 1000;
        return seconds;
    }
}

/** Measures the active time in a component and reports it to the server, which has its own bounds. */
export function useActiveTime() {
    const orm = useService("orm");
    const meter = new ActiveTime();
    let timer;
    let decides = false; // whoever only reads reconciles nothing
    onWillStart(async () => {
        decides = await user.hasGroup("invoice_to_cash.group_cash_application");
    });
    const report = async (seconds) => {
        if (!decides) {
            return;
        }
        try {
            await orm.silent.call("reconciling.time", "report_active", [seconds]);
        } catch {
            // Measuring never disturbs the work: what could not be told is not counted.
        }
    };
    const flush = () => {
        const seconds = meter.take();
        return seconds ? report(seconds) : undefined;
    };
    const onSign = () => !document.hidden && meter.sign(Date.now());
    const onVisibility = () => {
        if (document.hidden) {
            meter.pause(Date.now());
            flush();
        }
    };
    onMounted(() => {
        SIGNS.forEach((name) => window.addEventListener(name, onSign, { capture: true, passive: true }));
        document.addEventListener("visibilitychange", onVisibility);
        timer = setInterval(flush, REPORT_EVERY);
        report(0); // the server's clock starts
        meter.sign(Date.now());
    });
    onWillUnmount(() => {
        SIGNS.forEach((name) => window.removeEventListener(name, onSign, { capture: true }));
        document.removeEventListener("visibilitychange", onVisibility);
        clearInterval(timer);
        meter.pause(Date.now());
        flush();
    });
    return meter;
}
