/**
 * The wizard's way through the lines that wait: queue, position, what was done and can be undone.
 * Nothing of it is stored; the server knows what is decided, and a skipped line simply waits.
 */
export class Board {
    constructor(orm, domain = []) {
        this.orm = orm;
        this.domain = domain;
        this.order = "sure";
        this.reset();
    }

    reset() {
        this.ids = [];
        this.position = -1;
        this.skipped = new Set();
        this.seen = new Set();
        this.history = []; // ids of what was decided here, the last one last
        this.remaining = 0;
        this.line = null;
        this.loaded = false;
    }

    get total() {
        return this.history.length + this.remaining;
    }

    get share() {
        return this.total ? Math.round((100 * this.history.length) / this.total) : 100;
    }

    get isWaiting() {
        return Boolean(this.line) && ["suggested", "manual", "undone"].includes(this.line.state);
    }

    call(method, ids, args = [], kwargs = {}) {
        return this.orm.call("payment.match", method, [ids, ...args], kwargs);
    }

    async start(order = this.order) {
        this.reset();
        this.order = order;
        await this.next();
        this.loaded = true;
    }

    /** To the next line that still waits; `line` is null when there is none that was not skipped. */
    async next() {
        for (;;) {
            const ahead = this.ids.slice(this.position + 1);
            if (ahead.length) {
                const answer = await this.call("board_next", ahead, [this.domain]);
                this.remaining = answer.remaining;
                if (answer.line) {
                    this.line = answer.line;
                    this.position = this.ids.indexOf(answer.line.id);
                    this.seen.add(answer.line.id);
                    return;
                }
            }
            if (!(await this.fetchPage())) {
                this.line = null;
                this.position = this.ids.length;
                return;
            }
        }
    }

    /** More of the queue; false when all that waits has been seen. */
    async fetchPage() {
        const known = new Set(this.ids);
        let offset = this.skipped.size;
        for (;;) {
            const page = await this.orm.call("payment.match", "board_queue", [], {
                domain: this.domain,
                order: this.order,
                offset,
            });
            this.remaining = page.remaining;
            const fresh = page.ids.filter((id) => !known.has(id));
            if (fresh.length) {
                this.position = this.ids.length - 1;
                this.ids.push(...fresh);
                return true;
            }
            if (!page.ids.length) {
                return false;
            }
            offset += page.ids.length;
        }
    }

    async skip() {
        if (this.isWaiting) {
            this.skipped.add(this.line.id);
        }
        await this.next();
    }

    /** Back to the line before, as it stands now. */
    async previous() {
        if (this.position > 0) {
            await this.show(this.ids[this.position - 1]);
        }
    }

    async show(id) {
        const answer = await this.call("board_read", [id], [this.domain]);
        this.remaining = answer.remaining;
        if (answer.lines.length) {
            this.line = answer.lines[0];
            const place = this.ids.indexOf(id);
            this.position = place >= 0 ? place : this.position;
        }
    }

    /** Remember that the present line was decided, then go on. */
    async decided() {
        this.history.push(this.line.id);
        this.skipped.delete(this.line.id);
        await this.next();
    }

    /** Take back what was decided last here, or the present line if it is decided. */
    async undo() {
        const here = this.line && !this.isWaiting ? this.line.id : undefined;
        const id = here ?? this.history.at(-1);
        if (id === undefined) {
            return null;
        }
        const answer = await this.call("board_undo", [id]);
        this.history = this.history.filter((other) => other !== id);
        await this.show(id);
        return answer;
    }

    async again() {
        await this.start(this.order);
    }
}
