/** The view of one meeting across articles: what was reported when, who contradicts whom, and the words about it. */

import { mentionsOf, quotes, visible } from "./data.js";
import { count, el, joined } from "./dom.js";
import { articleLink, claimItem, kindInWords, name, names, passage, quoteItem, statusTag, time } from "./facts.js";
import { here } from "./route.js";
import { dateInWords } from "./words.js";

/** Say what a record is about, in a line: place or occasion, and date. */
export function about(record) {
    const parts = [record.place ?? record.event, record.date && dateInWords(record.date)].filter(Boolean);
    return parts.length ? joined(parts.map(name), " · ") : [el("span", { class: "dim" }, "time and place unknown")];
}

/** Show a record in `main`. */
export function showMeeting(main, record) {
    const told = mentionsOf(record);
    const reasons = new Map(record.mentions.map(([place, id, reason]) => [`${place} ${id}`, reason]));
    const said = quotes.filter(({ place, quote }) =>
        told.some((mention) => mention.place === place && mention.meeting.id === quote.meeting),
    );
    const articles = new Set(told.map(({ place }) => place)).size;
    main.replaceChildren(
        el(
            "header",
            { class: "head" },
            el("nav", { "aria-label": "Back", class: "steps" }, el("a", { href: here("timeline") }, "← Overview")),
            el("h1", { tabindex: "-1" }, names(record.people)),
            el(
                "p",
                { class: "byline" },
                statusTag(record.status),
                record.kind === "in_person" || !record.kind ? "" : [" · ", kindInWords(record.kind)],
                " · ",
                about(record),
            ),
            el("p", { class: "dim small" }, `${count(told.length, "mention")} in ${count(articles, "article")}`),
        ),
        el("div", { class: "record" }, disagreements(record), historyOf(told, reasons), said.length ? wordsAbout(said) : ""),
    );
}

function disagreements({ contradictions, differing }) {
    const against = contradictions.map(([confirms, denies]) => el("li", {}, name(confirms), " confirms what ", name(denies), " denies."));
    const values = differing.map(([what, given]) =>
        el(
            "li",
            {},
            `Articles differ in the ${what}: `,
            joined(
                given.map((value) => name(what === "date" ? dateInWords(value) : value)),
                " / ",
            ),
            ".",
        ),
    );
    return against.length + values.length
        ? el("section", { class: "disagreements" }, el("h2", {}, "Disagreements"), el("ul", {}, against, values))
        : "";
}

function historyOf(told, reasons) {
    const step = (mention) => {
        const { article, meeting, place } = mention;
        return el(
            "li",
            {},
            el("p", { class: "when" }, time(article.published), " ", statusTag(meeting.status)),
            el("p", {}, articleLink(article, meeting.id), article.source && el("span", { class: "dim" }, ` · ${visible(article.source)}`)),
            el(
                "ul",
                { class: "evidences" },
                meeting.evidence.map((span) => el("li", {}, passage(article, span))),
            ),
            meeting.claims.length
                ? el(
                      "ul",
                      { class: "claims" },
                      meeting.claims.map((claim) => claimItem(article, claim)),
                  )
                : "",
            reasons.get(`${place} ${meeting.id}`) && el("p", { class: "dim small" }, visible(reasons.get(`${place} ${meeting.id}`))),
        );
    };
    return el("section", {}, el("h2", {}, "What was reported, and when"), el("ol", { class: "history" }, told.map(step)));
}

const wordsAbout = (said) => el("section", {}, el("h2", {}, "Words about it"), el("ul", { class: "items" }, said.map(quoteItem)));
