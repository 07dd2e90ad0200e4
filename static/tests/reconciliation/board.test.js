import { expect, test } from "@odoo/hoot";
import { Board } from "@invoice_to_cash/reconciliation/board";

/** A server with so many lines and pages of two: what `orm.call` of the wizard's methods answers. */
class Server {
    constructor(number) {
        this.waiting = Array.from({ length: number }, (_, index) => index + 1);
        this.decided = new Set();
        this.calls = 0;
    }

    line(id) {
        return { id, state: this.decided.has(id) ? "applied" : "suggested", candidates: [] };
    }

    async call(model, method, args, kwargs) {
        this.calls++;
        const open = this.waiting.filter((id) => !this.decided.has(id));
        const remaining = open.length;
        switch (method) {
            case "board_queue":
                return { ids: open.slice(kwargs.offset, kwargs.offset + 2), remaining };
            case "board_next": {
                const id = args[0].find((other) => !this.decided.has(other));
                return { line: id ? this.line(id) : false, remaining };
            }
            case "board_read":
                return { lines: args[0].map((id) => this.line(id)), remaining };
            case "board_undo":
                this.decided.delete(args[0][0]);
                return { cannot_come_back: [] };
        }
    }
}

async function start(number) {
    const server = new Server(number);
    const board = new Board(server);
    await board.start();
    const decide = async () => {
        server.decided.add(board.line.id);
        await board.decided();
    };
    return { server, board, decide };
}

test("every line comes once, over the pages", async () => {
    const { board, decide } = await start(5);
    const seen = [];
    while (board.line) {
        seen.push(board.line.id);
        await decide();
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(board.remaining).toBe(0);
    expect(board.share).toBe(100);
});

test("skipped lines are passed, and come again on request", async () => {
    const { board, decide } = await start(5);
    await board.skip();
    await decide();
    await board.skip();
    await decide();
    await decide();
    expect(board.line).toBe(null);
    expect([...board.skipped]).toEqual([1, 3]);
    expect(board.remaining).toBe(2);
    await board.again();
    expect(board.line.id).toBe(1);
});

test("only skipping comes to an end, too", async () => {
    const { board } = await start(5);
    for (let index = 0; index < 5; index++) {
        await board.skip();
    }
    expect(board.line).toBe(null);
    expect(board.skipped.size).toBe(5);
});

test("what a colleague has decided meanwhile is passed in one call", async () => {
    const { board, server } = await start(5);
    server.decided.add(2);
    const before = server.calls;
    await board.skip();
    expect(board.line.id).toBe(3);
    expect(server.calls - before).toBeLessThan(4);
});

test("undo shows the line again, and it is decided once more", async () => {
    const { board, decide } = await start(3);
    await decide();
    await decide();
    expect(board.history).toEqual([1, 2]);
    await board.undo();
    expect(board.line.id).toBe(2);
    expect(board.isWaiting).toBe(true);
    expect(board.history).toEqual([1]);
    await decide();
    expect(board.line.id).toBe(3);
});

test("the line before is shown as it stands", async () => {
    const { board, decide } = await start(3);
    await decide();
    await board.previous();
    expect(board.line.id).toBe(1);
    expect(board.isWaiting).toBe(false);
    await board.skip();
    expect(board.line.id).toBe(2);
    expect(board.skipped.size).toBe(0);
});
