/** The overview: the filters, the timeline and its table, the voices, the records, the articles. */

import { articles, entries, mentions, quotes, records, statuses, titleOf, visible, withOthers } from "./data.js";
import { count, el, joined, piecewise, present, sign } from "./dom.js";
import { articleLink, claimItem, countsOf, entryFacts, meetingInBrief, name, passage, statusTag, time } from "./facts.js";
import { passing, voicesOf } from "./filters.js";
import { address, here, setFilters } from "./route.js";
import { prepareTimeline, showTimeline } from "./timeline.js";
import { prepareVoices, showVoices } from "./voices.js";
import { shortDay } from "./words.js";

const ROWS = 50;
const ARTICLES = 60;
const CARDS = 24;
const TYPING_MS = 180;
const MANY_RECORDS = 25;
const NAMES = 300;

const byId = (id) => document.getElementById(id);

/** Prepare what stays: the filters and the plots. */
export async function prepareOverview() {
    byId("summary").textContent = summary();
    byId("statuses").append(...Object.entries(statuses).map(statusBox));
    byId("kinds").append(...[...new Set(entries.map(({ entry }) => entry.kind))].map(kindBox));
    for (const part of document.querySelectorAll("[data-of=records]")) part.hidden = !entries.length;
    for (const part of document.querySelectorAll("[data-of=others]")) part.hidden = !withOthers;
    byId("names").append(
        ...[...new Set([...voicesOf(quotes).map((voice) => voice.name), ...[...mentions, ...entries].flatMap(({ people }) => people)])]
            .slice(0, NAMES)
            .map((value) => el("option", { value })),
    );
    byId("order").value = records.length > MANY_RECORDS ? "reported" : "date";
    byId("order").addEventListener("change", () => dispatchEvent(new HashChangeEvent("hashchange")));
    listen();
    await prepareTimeline();
    await prepareVoices();
}

function summary() {
    const days = articles
        .map(({ published }) => published)
        .filter(Boolean)
        .sort();
    const span = days.length ? [...new Set([days[0], days.at(-1)])].map(shortDay).join(" – ") : "";
    const others = withOthers ? [count(records.length, "meeting"), count(quotes.length, "quote")] : [];
    const own = entries.length ? [count(entries.length, "record")] : [];
    return present([count(articles.length, "article"), ...others, ...own, span]).join(" · ");
}

function statusBox([status, mark]) {
    const box = el("input", { type: "checkbox", name: "status", value: status });
    const number = mentions.filter(({ meeting }) => meeting.status === status).length;
    return el(
        "label",
        { title: mark.meaning },
        box,
        el("span", { class: "chip" }, sign(mark), mark.label, el("span", { class: "dim" }, ` ${number}`)),
    );
}

function kindBox(kind) {
    const box = el("input", { type: "checkbox", name: "kind", value: kind });
    const number = entries.filter(({ entry }) => entry.kind === kind).length;
    return el("label", {}, box, el("span", { class: "chip" }, name(kind), el("span", { class: "dim" }, ` ${number}`)));
}

function listen() {
    const form = byId("filters");
    let waiting = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
        clearTimeout(waiting);
        const typed = ["text", "person"].includes(target.name);
        waiting = setTimeout(() => setFilters(readForm(form), { silently: typed }), typed ? TYPING_MS : 0);
    });
    byId("clear").addEventListener("click", () => {
        setFilters({ person: "", text: "", from: "", to: "", status: [], kind: [] });
        form.elements.text.focus();
    });
}

function readForm(form) {
    const given = new FormData(form);
    return {
        person: given.get("person"),
        text: given.get("text"),
        from: given.get("from"),
        to: given.get("to"),
        status: given.getAll("status"),
        kind: given.getAll("kind"),
    };
}

/** Show what passes the filters. */
export async function showOverview(filters) {
    fill(byId("filters"), filters);
    const found = passing(filters);
    const some = Object.values(filters).some((value) => value.length);
    byId("clear").hidden = !some;
    const others = withOthers ? [`${count(found.mentions.length, "mention")} of meetings`, count(found.quotes.length, "quote")] : [];
    const own = entries.length ? [count(found.entries.length, "record")] : [];
    byId("found").textContent = `${some ? "Found" : "All"}: ${[...others, ...own, count(found.articles.length, "article")].join(", ")}`;
    for (const link of document.querySelectorAll("#parts a")) link.href = address([link.dataset.part], filters);
    piecewise(byId("mentions"), found.mentions, mentionRow, ROWS);
    piecewise(byId("articles-list"), found.articles, articleItem, ARTICLES);
    piecewise(byId("cards"), found.entries, cardOf, CARDS);
    await showTimeline(found, byId("order").value);
    await showVoices(found, filters);
}

function fill(form, filters) {
    for (const name of ["text", "person", "from", "to"])
        if (form.elements[name].value !== filters[name]) form.elements[name].value = filters[name];
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = filters[box.name].includes(box.value);
}

function mentionRow(mention) {
    const { article, meeting } = mention;
    const claims = meeting.claims.length
        ? el(
              "ul",
              {},
              meeting.claims.map((claim) => claimItem(article, claim)),
          )
        : "";
    const meetingLink =
        meeting.record < 0
            ? meetingInBrief(mention)
            : el("a", { href: here("meeting", records[meeting.record].id) }, meetingInBrief(mention));
    return el(
        "tr",
        {},
        el("td", {}, time(article.published)),
        el("td", {}, statusTag(meeting.status)),
        el("td", {}, meetingLink),
        el("td", {}, passage(article, meeting.evidence[0]), claims),
        el("td", {}, articleLink(article, meeting.id)),
    );
}

function articleItem(article) {
    const parts = present([
        article.source && name(article.source),
        time(article.published),
        ...countsOf(article),
    ]);
    const found = new Set(article.meetings.map(({ status }) => status));
    const signs = Object.keys(statuses)
        .filter((status) => found.has(status))
        .map((status) => el("span", { title: statuses[status].label }, sign(statuses[status])));
    return el(
        "li",
        {},
        el("a", { href: here("article", article.id), title: visible(titleOf(article)) }, name(titleOf(article))),
        el("span", { class: "source" }, joined(parts, " · "), " ", signs),
    );
}

function cardOf(found) {
    const { article, entry } = found;
    return el(
        "li",
        { class: "entry-card" },
        el("h3", {}, name(entry.kind)),
        entryFacts(found),
        el("p", { class: "source" }, time(article.published), " · ", articleLink(article, entry.id)),
    );
}
