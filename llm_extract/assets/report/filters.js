/** What passes the filters. */

import { articles, entries, haystack, mentions, quotes } from "./data.js";
import { fold } from "./words.js";

/**
 * Return the articles, mentions, quotes and entries that pass. A status asks of a quote that the meeting it is about has it; entries have
 * none. A kind is one of entries.
 */
export function passing(filters) {
    const terms = fold(filters.text).split(/\s+/).filter(Boolean);
    const person = fold(filters.person.trim());
    const named = (name) => !person || (name !== null && fold(name).includes(person));
    const told = (thing) => terms.every((term) => haystack(thing).includes(term));
    const settled = (status) => !filters.kind.length && (!filters.status.length || filters.status.includes(status));
    const ofKind = ({ kind }) => !filters.status.length && (!filters.kind.length || filters.kind.includes(kind));
    const timely = ({ published }) => within(published, filters);

    const kept = {
        mentions: mentions.filter(
            (mention) =>
                timely(mention.article) && settled(mention.meeting.status) && (!person || mention.people.some(named)) && told(mention),
        ),
        quotes: quotes.filter((quote) => timely(quote.article) && settled(statusOf(quote)) && named(quote.person) && told(quote)),
        entries: entries.filter(
            (found) => timely(found.article) && ofKind(found.entry) && (!person || found.people.some(named)) && told(found),
        ),
    };
    const found = new Set([...kept.mentions, ...kept.quotes, ...kept.entries].map(({ article }) => article));
    const narrowed = person || filters.status.length || filters.kind.length;
    return { ...kept, articles: articles.filter((article) => timely(article) && (found.has(article) || (!narrowed && told(article)))) };
}

function within(published, { from, to }) {
    if (!from && !to) return true;
    return published !== null && (!from || published >= from) && (!to || published <= to);
}

function statusOf({ article, quote }) {
    return article.meetings.find((meeting) => meeting.id === quote.meeting)?.status;
}

/** Count how many quotes each person has, the most first; words of nobody named are left out. */
export function voicesOf(someQuotes) {
    const counts = new Map();
    for (const { person } of someQuotes) if (person) counts.set(person, (counts.get(person) ?? 0) + 1);
    return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([name, number]) => ({ name, quotes: number }));
}
