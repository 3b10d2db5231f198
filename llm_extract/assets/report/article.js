/** The view of one article: its text with quotes and evidence marked, and a panel of facts beside it. */

import { articles, entries, line, mentions, outline, quotes, records, statuses, titleOf, visible, withOthers, words } from "./data.js";
import { announce, el, joined, narrow, present, setCurrent, sign } from "./dom.js";
import { countsOf, entryFacts, entryItem, meetingFacts, meetingInBrief, name, quoteFacts, quoteItem, statusTag, time } from "./facts.js";
import { passing } from "./filters.js";
import { go, here, parse } from "./route.js";
import { annotations, paragraphs, segments } from "./segments.js";
import { initials } from "./words.js";

/** How many colours there are for speakers; further speakers share the last. */
const VOICES = 8;
const ENTRY_SIGN = "§";
const CLOSING_MARKS = /["'”’»«›‹“‘」』]/;

/** Show an article in `main`, and return a function that picks out a part of it: `["Q3"]`, `["at", "120-180"]` or none. */
export function showArticle(main, place) {
    const article = articles[place];
    const view = { article, place, pieces: [], panel: el("aside", { class: "panel", "aria-label": "Facts" }) };
    const text = article.text === null ? withoutText() : el("div", { class: "text", lang: "", dir: "auto" }, paragraphsOf(view));
    main.replaceChildren(
        heading(view),
        el("div", { class: "reading" }, el("article", { "aria-label": "Text" }, legend(view), text), view.panel),
    );
    return (part) => pick(view, part);
}

const withoutText = () =>
    el("p", { class: "note" }, "The results came without the article’s text: what was found stands beside this, with its words.");

function heading({ article, place }) {
    const order = passing(parse(location.hash).filters).articles;
    const at = order.indexOf(article);
    const step = (other, label) => other && el("a", { href: here("article", other.id), title: titleOf(other) }, label);
    const source = present([article.source && visible(article.source), time(article.published), originOf(article)]);
    return el(
        "header",
        { class: "head" },
        el(
            "nav",
            { "aria-label": "Articles", class: "steps" },
            el("a", { href: here("timeline") }, "← Overview"),
            step(order[at - 1], "Previous article"),
            step(order[at + 1], "Next article"),
        ),
        el("h1", { tabindex: "-1" }, name(titleOf(article))),
        el("p", { class: "byline" }, joined(source, " · ")),
        el(
            "p",
            { class: "dim small" },
            `${name(article.id).textContent} · read by ${visible(article.model)} · ${countsOf(articles[place]).join(", ")}`,
        ),
        article.warnings.map((warning) => el("p", { class: "warning" }, visible(warning))),
    );
}

/** Link to where the article was published, if that is an address on the web; any other stays text. */
function originOf({ url }) {
    if (!url) return null;
    const web = /^https?:\/\//i.test(url) && URL.canParse(url);
    return web
        ? el("a", { href: url, rel: "noopener noreferrer", class: "origin" }, "where it was published")
        : el("span", { class: "dim" }, visible(url));
}

/** Number the speakers by how often they speak, for their colours. */
function speakersOf(article) {
    const often = new Map();
    for (const { speaker } of article.quotes) if (speaker) often.set(speaker.person, (often.get(speaker.person) ?? 0) + 1);
    return [...often].sort(([, a], [, b]) => b - a).map(([person]) => person);
}

const voice = (speakers, person) => (speakers.includes(person) ? `voice-${Math.min(speakers.indexOf(person), VOICES - 1)}` : "voice-none");

function legend({ article }) {
    const speakers = speakersOf(article);
    const found = [...new Set(article.meetings.map((meeting) => meeting.status))];
    const kinds = [...new Set(article.entries.map((entry) => entry.kind))];
    if (article.text === null || !(speakers.length + found.length + kinds.length)) return null;
    const said = speakers.map((person) =>
        el("li", {}, el("span", { class: `swatch ${voice(speakers, person)}` }, initials(person)), name(person)),
    );
    const met = found.map((status) => el("li", {}, el("span", { class: `evidence line ${status}` }, statusTag(status))));
    const kept = kinds.map((kind) => el("li", {}, el("span", { class: "evidence line entry" }, name(kind))));
    return el("ul", { class: "legend", "aria-label": "What the marks in the text mean" }, said, met, kept);
}

function paragraphsOf(view) {
    const { article } = view;
    const flat = outline(article);
    const speakers = speakersOf(article);
    const marks = annotations(article);
    const signposts = signpostsOf(article, marks, flat);
    const cuts = [...signposts.keys()].map((end) => ({ kind: "cut", start: end, end: end + 1 }));
    return paragraphs(flat).map(([start, end]) => {
        const pieces = segments(start, end, [...marks, ...cuts]);
        return el(
            "p",
            {},
            pieces.map((piece) => [pieceOf(view, piece, speakers), signposts.get(piece.end)?.()]),
        );
    });
}

/** Say where the links to quotes and meetings stand: behind their last words, and the mark that closes these. */
function signpostsOf(article, marks, flat) {
    const made = new Map();
    const add = (end, make) => {
        const behind = CLOSING_MARKS.test(flat[end] ?? "") ? end + 1 : end;
        const before = made.get(behind) ?? (() => []);
        made.set(behind, () => [...before(), make()]);
    };
    for (const quote of article.quotes) {
        add(quote.segments.at(-1)[1], () =>
            signpost(article, quote.id, `Quote of ${quote.speaker?.name ?? "somebody"}`, initials(quote.speaker?.person ?? "?")),
        );
    }
    const kinds = new Map(article.entries.map((entry) => [entry.id, visible(entry.kind)]));
    for (const mark of marks.filter(({ kind, who }) => kind === "evidence" && who === "entry")) {
        add(mark.end, () => signpost(article, mark.owner, `Record, ${kinds.get(mark.owner)}`, ENTRY_SIGN));
    }
    for (const mark of marks.filter(({ kind, who }) => kind === "evidence" && who !== "entry")) {
        add(mark.end, () => signpost(article, mark.owner, `Meeting, ${statuses[mark.who].label}`, sign(statuses[mark.who])));
    }
    return made;
}

const signpost = (article, id, label, content) =>
    el("a", { href: here("article", article.id, id), class: "signpost", "data-owner": id, "aria-label": label, title: label }, content);

/** Show a piece of the text: tinted by the innermost speaker, underlined where meetings rest on it. */
function pieceOf(view, { start, end, over }, speakers) {
    const text = words(view.article, [start, end]);
    const said = over.filter(({ kind }) => kind === "quote").sort((a, b) => a.end - a.start - (b.end - b.start));
    const told = over.filter(({ kind }) => kind === "evidence");
    const pointed = over.filter(({ kind }) => kind === "slice");
    const owned = over.filter(({ owner }) => owner);
    if (!owned.length) return text;
    const told_by = new Set(told.map(({ who }) => who));
    const classes = [
        said.length && `quote ${voice(speakers, said[0].who)}`,
        said.length > 1 && "nested",
        told.length && `evidence ${told_by.size === 1 ? told[0].who : "several"}`,
        pointed.length && "slice",
    ];
    const resting = [...new Set([...said, ...told, ...pointed].map(({ owner }) => owner))];
    const open = () =>
        getSelection().isCollapsed && go("article", view.article.id, ...(resting.length === 1 ? resting : ["at", `${start}-${end}`]));
    const node = el("span", { class: present(classes).join(" ") || null, onclick: resting.length ? open : null }, text);
    view.pieces.push({ node, start, end, owned, resting });
    return node;
}

/** Pick out a part: mark it in the text, bring it into view and say in the panel what is known of it. */
function pick(view, [part, passage]) {
    const [from, to] = part === "at" ? (passage ?? "").split("-").map(Number) : [];
    const inPassage = ({ start, end }) => start < to && end > from;
    const chosen =
        part === "at" ? view.pieces.filter(inPassage) : view.pieces.filter(({ owned }) => owned.some(({ owner }) => owner === part));
    for (const piece of view.pieces) {
        const kinds = piece.owned.filter(({ owner }) => owner === part).map(({ kind }) => kind);
        piece.node.classList.toggle("on", part === "at" ? inPassage(piece) : kinds.some((kind) => kind === "quote" || kind === "evidence"));
        piece.node.classList.toggle(
            "detail",
            kinds.some((kind) => ["cue", "party", "detail", "slice"].includes(kind)),
        );
    }
    for (const link of document.querySelectorAll(".signpost")) setCurrent(link, link.dataset.owner === part);
    fillPanel(view, part, [from, to], chosen);
    bringIntoView(chosen);
}

/** Scroll to the first of some pieces, unless it can be seen: on a phone the panel covers the lower half. */
function bringIntoView(pieces) {
    const first = pieces.find(({ node }) => node.classList.contains("on"))?.node;
    if (!first) return;
    const { top, bottom } = first.getBoundingClientRect();
    const seen = innerHeight * (narrow.matches ? 0.5 : 1);
    if (top < 0 || bottom > seen) first.scrollIntoView({ block: "start" });
}

function fillPanel(view, part, range, chosen) {
    const { article, place, panel } = view;
    const met = mentions.filter((mention) => mention.place === place);
    const said = quotes.filter((quote) => quote.place === place);
    const meeting = met.find((mention) => mention.meeting.id === part);
    const quote = said.find((found) => found.quote.id === part);
    const kept = entries.filter((found) => found.place === place);
    const entry = kept.find((found) => found.entry.id === part);
    const close = el("a", { href: here("article", article.id), class: "close", "aria-label": "Close the facts" }, "×");
    const box = (title, ...content) => el("section", { class: "picked" }, close, el("h2", {}, title), content);
    let picked = null;
    if (meeting) picked = box("Meeting", meetingFacts(meeting), recordLink(meeting));
    else if (quote) picked = box("Quote", quoteFacts(quote));
    else if (entry) picked = box(name(entry.entry.kind), entryFacts(entry));
    else if (part === "at")
        picked = box("What rests on this passage", el("blockquote", {}, line(article, range)), restingOn(chosen, met, said, kept));
    panel.classList.toggle("open", picked !== null);
    const others = withOthers ? [listOf("Meetings", met.map(meetingItem)), listOf("Quotes", said.map(quoteItem))] : [];
    const own = kept.length || !withOthers ? [listOf("Records", kept.map(entryItem))] : [];
    panel.replaceChildren(...present([picked]), ...others, ...own);
    if (picked)
        announce(`${picked.querySelector("h2").textContent}, marked in the text: ${chosen.map(({ node }) => node.textContent).join(" ")}`);
    const current = part && here("article", article.id, part);
    for (const link of panel.querySelectorAll(".items a")) setCurrent(link, link.getAttribute("href") === current);
}

function restingOn(chosen, met, said, kept) {
    const owners = new Set(chosen.flatMap(({ owned }) => owned.map(({ owner }) => owner)));
    const items = [
        ...met.filter(({ meeting }) => owners.has(meeting.id)).map(meetingItem),
        ...said.filter(({ quote }) => owners.has(quote.id)).map(quoteItem),
        ...kept.filter(({ entry }) => owners.has(entry.id)).map(entryItem),
    ];
    return items.length ? el("ul", { class: "items" }, items) : el("p", {}, "Nothing.");
}

const recordLink = ({ meeting }) =>
    meeting.record >= 0 && el("p", {}, el("a", { href: here("meeting", records[meeting.record].id) }, "This meeting across articles →"));

const meetingItem = (mention) =>
    el(
        "li",
        {},
        el(
            "a",
            { href: here("article", mention.article.id, mention.meeting.id) },
            statusTag(mention.meeting.status),
            " ",
            meetingInBrief(mention),
        ),
    );

function listOf(title, items) {
    return el(
        "section",
        {},
        el("h2", {}, `${title} `, el("span", { class: "dim" }, String(items.length))),
        items.length ? el("ul", { class: "items" }, items) : el("p", { class: "dim" }, "None were found."),
    );
}
