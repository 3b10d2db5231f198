/** A text cut at every border of what points into it: the pieces may belong to several quotes and meetings at once. */

import { passagesOf } from "./values.js";

/**
 * Collect all that points into an article: `{kind, owner, start, end, who}`.
 *
 * `kind` says what of its owner, a quote, a meeting or an entry, stands there; `owner` is the owner's id; `who` is a speaker, a status or
 * "entry".
 */
export function annotations(article) {
    const found = [];
    const add = (kind, owner, span, who = null) => span && found.push({ kind, owner, start: span[0], end: span[1], who });
    for (const quote of article.quotes) {
        quote.segments.forEach((span) => add("quote", quote.id, span, quote.speaker?.person ?? ""));
        add("cue", quote.id, quote.cue);
        add("party", quote.id, quote.speaker?.at);
        add("party", quote.id, quote.addressee);
    }
    for (const meeting of article.meetings) {
        meeting.evidence.forEach((span) => add("evidence", meeting.id, span, meeting.status));
        meeting.claims.forEach((claim) => add("claim", meeting.id, claim.at, meeting.status));
        meeting.people.forEach((party) => add("party", meeting.id, party.at));
        [meeting.when, meeting.place, meeting.event, ...meeting.topics].forEach((span) => add("detail", meeting.id, span));
    }
    for (const entry of article.entries) for (const { kind, span } of passagesOf(entry)) add(kind, entry.id, span, "entry");
    return found;
}

/**
 * Cut `[start, end)` at every border of the annotations; return `{start, end, over}` in order, `over` being what covers the piece.
 *
 * The borders are gone through from left to right with the set of what is open, so that the time is that of sorting them.
 */
export function segments(start, end, marks) {
    const inside = marks.filter((mark) => mark.start < end && mark.end > start && mark.start < mark.end);
    const borders = new Set([start, end]);
    for (const mark of inside) for (const border of [mark.start, mark.end]) if (border > start && border < end) borders.add(border);
    const ordered = [...borders].sort((a, b) => a - b);
    const coming = [...inside].sort((a, b) => a.start - b.start);
    let open = [];
    return ordered.slice(0, -1).map((from, place) => {
        while (coming.length && coming[0].start <= from) open.push(coming.shift());
        open = open.filter((mark) => mark.end > from);
        return { start: from, end: ordered[place + 1], over: [...open] };
    });
}

/** Return the borders of a text's paragraphs, which empty lines part; what stands between them is left out. */
export function paragraphs(text) {
    const found = [];
    let start = 0;
    for (const gap of [...text.matchAll(/\n[^\S\n]*\n\s*/g), { index: text.length, 0: "" }]) {
        if (text.slice(start, gap.index).trim()) found.push([start, gap.index]);
        start = gap.index + gap[0].length;
    }
    return found;
}
