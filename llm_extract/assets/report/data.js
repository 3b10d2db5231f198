/** The results that the page was made from, and words about them. */

import { present } from "./dom.js";
import { valuesIn } from "./values.js";
import { fold } from "./words.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const { articles, records, warnings } = read("data");
export const { statuses, stances } = read("marks");

/** What moves the cursor or turns the direction of writing is shown as a mark of its own, so that a text looks like what it is. */
const UNSHOWABLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Make what could disturb a page's text visible; the number of characters stays. */
export const visible = (text) => text.replace(UNSHOWABLE, "\ufffd");

const texts = new Map();

/** Return an article's text as something to slice by code points, which is what offsets count. */
function characters(article) {
    if (!texts.has(article)) {
        const text = visible(article.text);
        texts.set(article, /[\ud800-\udfff]/.test(text) ? Array.from(text) : text);
    }
    return texts.get(article);
}

/** Return a text of the same length in code points in which each is one unit, for work on borders. */
export const outline = (article) => visible(article.text).replace(/[\ud800-\udbff][\udc00-\udfff]/g, "x");

/** Return the words from `start` to `end`, or of a span that brings its own. */
export function words(article, [start, end, own]) {
    if (own !== undefined) return visible(own);
    const slice = characters(article).slice(start, end);
    return typeof slice === "string" ? slice : slice.join("");
}

/** The same on one line. */
export const line = (article, span) => words(article, span).replace(/\s+/g, " ").trim();

/** Each meeting of each article: `{index, article, place, meeting, people}`. */
export const mentions = articles.flatMap((article, place) =>
    article.meetings.map((meeting) => ({ article, place, meeting, people: peopleOf(meeting) })),
);
mentions.forEach((mention, index) => (mention.index = index));

/** Each quote of each article: `{article, place, quote, person}`. */
export const quotes = articles.flatMap((article, place) =>
    article.quotes.map((quote) => ({ article, place, quote, person: quote.speaker && visible(quote.speaker.person) })),
);

/** Each record of a schema of the user's own, in each article: `{article, place, entry, people}`. */
export const entries = articles.flatMap((article, place) =>
    article.entries.map((entry) => ({ article, place, entry, people: peopleIn(entry) })),
);

/** Whether there are meetings and quotes to show, or nothing at all; where there are only entries, nothing is said of the others. */
export const withOthers = mentions.length + quotes.length > 0 || !entries.length;

const byName = new Map(mentions.map((mention) => [JSON.stringify([mention.place, mention.meeting.id]), mention]));

/** Return the mentions that make up a record. */
export const mentionsOf = (record) => record.mentions.map(([place, id]) => byName.get(JSON.stringify([place, id]))).filter(Boolean);

function peopleOf(meeting) {
    const parties = [...meeting.people, ...meeting.claims.map((claim) => claim.by)];
    return [...new Set(parties.map((party) => visible(party.person)))];
}

function peopleIn(entry) {
    const parties = valuesIn(entry.fields).flatMap((value) => value.party ?? []);
    return [...new Set(parties.map((party) => visible(party.person)))];
}

/** Return an article's title, or its id where it has none. */
export const titleOf = (article) => visible(article.title || article.id || "Untitled");

/** Return the place of an article by its id, or -1. */
export const placeOf = (id) => articles.findIndex((article) => article.id === id);

const haystacks = new Map();

/** Return all that can be searched of an article, a mention or a quote; made when it is first wanted. */
export function haystack(thing) {
    if (!haystacks.has(thing)) haystacks.set(thing, fold(present(searchable(thing)).join("\n")));
    return haystacks.get(thing);
}

function searchable(thing) {
    const { article, meeting, quote, entry } = thing;
    if (entry) return [article.title, entry.kind, ...thing.people, ...toldBy(thing)];
    if (quote) return [thing.person, quote.speaker?.name, ...quote.segments.map((span) => line(article, span))];
    if (meeting) {
        const spans = present([meeting.place, meeting.event, meeting.when, ...meeting.topics, ...meeting.evidence]);
        return [article.title, ...thing.people, ...spans.map((span) => line(article, span))];
    }
    const found = [...mentions, ...quotes, ...entries].filter((other) => other.article === thing);
    return thing.text ? [thing.title, thing.source, thing.text] : [thing.title, thing.source, ...found.map(haystack)];
}

function toldBy({ article, entry }) {
    const values = valuesIn(entry.fields);
    const spans = [...values.flatMap((value) => (value.words ? [value.words] : [])), ...entry.evidence];
    return [...values.map((value) => value.text), ...spans.map((span) => line(article, span))];
}
