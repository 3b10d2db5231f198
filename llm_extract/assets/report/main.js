/** What is shown follows from the address alone. */

import { showArticle } from "./article.js";
import { hideCard } from "./card.js";
import { placeOf, records, visible, warnings } from "./data.js";
import { el } from "./dom.js";
import { showMeeting } from "./meeting.js";
import { prepareOverview, showOverview } from "./overview.js";
import { here, parse } from "./route.js";

const TITLE = document.title;
const overview = document.getElementById("overview");
const other = document.getElementById("other");

/** What is shown: the article or meeting, "" for the overview, null at the beginning; the part of the overview. */
let current = null;
let part = "timeline";
let pickOut = null;
const scrolled = new Map();

async function follow() {
    const { path, filters } = parse(location.hash);
    const [view, id, ...rest] = path;
    const key = ["article", "meeting"].includes(view) ? JSON.stringify([view, id]) : "";
    const before = current;
    hideCard();
    if (key !== before) scrolled.set(before, scrollY);
    current = key;
    overview.hidden = Boolean(key);
    other.hidden = !key;
    if (!key) await showOverview(filters);
    else if (key !== before) showOther(view, id);
    if (key !== before) arrive(before);
    if (view === "article") pickOut?.(rest);
    if (!key) turnTo(view);
    document.documentElement.dataset.shown = location.hash;
}

function showOther(view, id) {
    const record = records.find((one) => one.id === id);
    pickOut = null;
    if (view === "article" && placeOf(id) >= 0) pickOut = showArticle(other, placeOf(id));
    else if (view === "meeting" && record) showMeeting(other, record);
    else
        other.replaceChildren(
            el("h1", { tabindex: "-1" }, "Not in this report"),
            el("p", {}, el("a", { href: here("timeline") }, "← Overview")),
        );
}

/** Scroll to where the reader was, and lead the keyboard to the heading, but not when the page has just opened. */
function arrive(before) {
    const heading = (current ? other : overview).querySelector("h1");
    document.title = current ? `${heading.textContent} – ${TITLE}` : TITLE;
    scrollTo({ top: current ? 0 : (scrolled.get("") ?? 0), behavior: "instant" });
    if (before !== null) heading.focus({ preventScroll: true });
}

/** Scroll to a part of the overview when it was asked for. */
function turnTo(wanted) {
    if (wanted !== part) document.getElementById(wanted)?.scrollIntoView();
    part = wanted;
}

function skip(event) {
    event.preventDefault();
    (current ? other : overview).querySelector("h1").focus();
}

function onEscape({ key }) {
    const { path } = parse(location.hash);
    if (key !== "Escape") return;
    hideCard();
    if (path[0] === "article" && path.length > 2) location.hash = here(...path.slice(0, 2));
}

document.getElementById("warnings").append(...warnings.map((warning) => el("p", { class: "warning" }, visible(warning))));
await prepareOverview();
document.querySelector(".skip").addEventListener("click", skip);
addEventListener("hashchange", follow);
addEventListener("keydown", onEscape);
await follow();
document.documentElement.dataset.ready = "";
