/** The timeline: a lane for each meeting, drawn by Vega; beside each lane, in HTML, what it is about. */

import { apart } from "./apart.js";
import { hideCard, showCard } from "./card.js";
import { mentions, mentionsOf, records, stances, visible } from "./data.js";
import { announce, el, narrow } from "./dom.js";
import { names, statusTag } from "./facts.js";
import { about } from "./meeting.js";
import { drawn } from "./plot.js";
import { go, here } from "./route.js";
import { initials } from "./words.js";

const LANE_PX = 84;
const NARROW_LANE_PX = 136;
const NARROW_SHIFT_PX = 32; // there the labels stand above the marks
const LANES = 25;
const SIGN_PX = 22;
const LETTER_PX = 6.5;
const SPACE_PX = 8;
const SIDE_PX = 16; // as the specification pads the plot
const TOP_PX = 30;
const DAY_MS = 86_400_000;

const shift = () => (narrow.matches ? NARROW_SHIFT_PX : 0);
const ms = (iso) => Date.parse(`${iso}T00:00Z`);

/** What is shown now: the lanes and, in the order in which the arrow keys go, the mentions: `{index, x, y}`. */
const state = { lanes: [], shown: LANES, stops: [], focus: 0 };
let lanePlot = null;

/** Show the records of which mentions pass the filters. */
export async function showTimeline(found, order) {
    const passed = new Set(found.mentions);
    const lanes = records.map((record) => ({ record, mentions: mentionsOf(record).filter((mention) => passed.has(mention)) }));
    state.lanes = lanes.filter((lane) => lane.mentions.length);
    if (order === "reported") state.lanes.sort((a, b) => b.mentions.length - a.mentions.length);
    state.shown = LANES;
    await draw();
}

/** Prepare what stays: the plot, its card, its keys. */
export async function prepareTimeline() {
    const plot = document.getElementById("plot");
    lanePlot = await drawn("timeline", plot);
    lanePlot.addEventListener("mousemove", (_, item) => point(item?.datum?.index));
    lanePlot.addEventListener("mouseout", hideCard);
    lanePlot.addEventListener("click", (_, item) => open(item?.datum?.index));
    plot.addEventListener("keydown", onKey);
    plot.addEventListener("focus", () => focusOn(state.focus));
    plot.addEventListener("blur", () => focusOn(-1));
    document.getElementById("more-lanes").addEventListener("click", () => {
        state.shown += LANES;
        draw();
    });
    new ResizeObserver(() => draw()).observe(document.getElementById("timeline-body"));
}

async function draw() {
    const lanes = state.lanes.slice(0, state.shown);
    const lanePx = narrow.matches ? NARROW_LANE_PX : LANE_PX;
    const width = document.getElementById("plot").clientWidth - 2 * SIDE_PX;
    if (width <= 0) return;
    document.getElementById("timeline-body").style.setProperty("--lane", `${lanePx}px`);
    document.getElementById("lanes").replaceChildren(...lanes.map(laneLabel));
    const rest = state.lanes.length - lanes.length;
    document.getElementById("more-lanes").hidden = rest <= 0;
    document.getElementById("more-lanes").textContent = `Show ${Math.min(rest, LANES)} more of ${state.lanes.length} meetings`;
    sayWhatIsMissing(lanes);
    const rows = rowsOf(lanes, width);
    state.stops = rows.mentions.map(({ index, lane, day, dx }) => ({
        index,
        x: SIDE_PX + ((day - rows.first) / (rows.last - rows.first)) * width + dx,
        y: TOP_PX + (lane + 0.5) * lanePx + shift(),
    }));
    state.focus = 0;
    await paint(rows, width, lanes.length * lanePx);
}

async function paint(rows, width, height) {
    for (const name of ["lanes", "dates", "mentions", "claims"]) lanePlot.data(name, rows[name]);
    lanePlot.signal("first", rows.first).signal("last", rows.last).signal("shift", shift()).width(width).height(height);
    await lanePlot.runAsync();
}

function laneLabel({ record, mentions }) {
    const href = here("meeting", record.id);
    return el(
        "li",
        {},
        el("a", { href, class: "who" }, names(record.people)),
        el("span", { class: "about" }, about(record)),
        el(
            "span",
            { class: "now" },
            statusTag(record.status),
            record.contradictions.length ? " · contradicted" : "",
            mentions.length > 1 ? ` · ${mentions.length} mentions` : "",
        ),
    );
}

function sayWhatIsMissing(lanes) {
    const undated = lanes.flatMap(({ mentions }) => mentions).filter(({ article }) => !article.published).length;
    const parts = [
        !lanes.length && "No meeting passes the filters.",
        undated && `${undated} of the mentions stand in undated articles: they are in the table only.`,
    ];
    document.getElementById("timeline-note").textContent = parts.filter(Boolean).join(" ");
}

/** Make the rows of the plot's data sets, and the bounds of its axis in milliseconds. */
function rowsOf(lanes, width) {
    const days = lanes
        .flatMap(({ mentions }) => mentions.map(({ article }) => article.published))
        .filter(Boolean)
        .map(ms);
    const earliest = days.reduce((a, b) => Math.min(a, b), days[0] ?? Date.now());
    const latest = days.reduce((a, b) => Math.max(a, b), days[0] ?? Date.now());
    const margin = Math.max((latest - earliest) * 0.04, 10 * DAY_MS);
    const [first, last] = [earliest - margin, latest + margin];
    const scale = width / (last - first);
    const rows = { lanes: [], dates: [], mentions: [], claims: [], first, last };
    lanes.forEach((lane, place) => addLane(rows, place, lane, scale));
    return rows;
}

function addLane(rows, lane, { record, mentions }, scale) {
    const dated = mentions.filter(({ article }) => article.published).sort((a, b) => ms(a.article.published) - ms(b.article.published));
    const times = dated.map(({ article }) => ms(article.published));
    const shifts = apart(
        times.map((time) => time * scale),
        dated.map(widthOf),
    );
    const shifted = times.map((time, order) => time + shifts[order] / scale);
    rows.lanes.push({ lane, first: shifted[0] ?? rows.first, last: shifted.at(-1) ?? rows.first });
    if (record.days) rows.dates.push(whenRow(lane, record.days, scale));
    dated.forEach((mention, order) => {
        const at = { lane, day: times[order], dx: shifts[order], index: mention.index };
        rows.mentions.push({ ...at, status: mention.meeting.status });
        rows.claims.push(...claimRows(mention, at));
    });
}

/** A day would be thinner than a hair: at least 5 pixels are shown. */
function whenRow(lane, [first, last], scale) {
    const [from, to] = [ms(first), ms(last) + DAY_MS];
    const extra = Math.max(0, 5 / scale - (to - from)) / 2;
    return { lane, from: from - extra, to: to + extra };
}

/** Claims of one mention with one stance share a place: up to two are named by initials, the rest counted. */
function claimRows({ meeting }, at) {
    return Object.keys(stances).flatMap((stance) => {
        const by = [
            ...new Set(meeting.claims.filter((claim) => claim.stance === stance).map((claim) => initials(visible(claim.by.person)))),
        ];
        const rest = by.length > 2 ? ` +${by.length - 2}` : "";
        return by.length ? [{ ...at, stance, initials: by.slice(0, 2).join(" ") + rest }] : [];
    });
}

/** Return how wide a mention is with its claims. */
function widthOf(mention) {
    const longest = Math.max(0, ...claimRows(mention, {}).map(({ initials: letters }) => letters.length));
    return Math.max(SIGN_PX, longest * LETTER_PX + SPACE_PX);
}

function onKey(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in steps) focusOn(Math.min(Math.max(state.focus + steps[event.key], 0), state.stops.length - 1));
    else if (event.key === "Enter") open(state.stops[state.focus]?.index);
    else if (event.key === "Escape") hideCard();
    else return;
    event.preventDefault();
}

function focusOn(stop) {
    if (stop >= 0) state.focus = stop;
    const index = state.stops[stop]?.index ?? -1;
    lanePlot.signal("focus", index).runAsync();
    point(index);
    if (index >= 0) announce(document.getElementById("card").textContent);
}

/** Show what is known of a mention beside its mark. */
function point(index) {
    const stop = state.stops.find((other) => other.index === index);
    if (stop) showCard(mentions[index], document.querySelector("#plot svg"), stop);
    else hideCard();
}

function open(index) {
    const mention = mentions[index];
    if (mention) go("article", mention.article.id, mention.meeting.id);
}
