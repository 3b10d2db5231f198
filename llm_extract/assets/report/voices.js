/** Who spoke how often: a plot, the same as a table, and the words themselves. */

import { el, piecewise } from "./dom.js";
import { articleLink, name, quoteItem, time } from "./facts.js";
import { passing, voicesOf } from "./filters.js";
import { drawn } from "./plot.js";
import { setFilters } from "./route.js";

const BARS = 12;
const BAR_PX = 28;
const SPEAKERS = 20;
const QUOTES = 12;
const SIDES_PX = 186; // as the specification pads the plot

let drawing = null;

/** Prepare the plot: a click on a bar filters by its speaker, another takes the filter away. */
export async function prepareVoices() {
    const plot = document.getElementById("voices-plot");
    drawing = await drawn("voices", plot);
    drawing.addEventListener("click", (_, item) => item?.datum?.name && choose(item.datum.name, item.datum.chosen));
    new ResizeObserver(() => fit()).observe(plot);
}

const choose = (person, chosen) => setFilters({ person: chosen ? "" : person });

/** Show who spoke, whoever is filtered by, and the words that pass all filters. */
export async function showVoices(found, filters) {
    const voices = voicesOf(passing({ ...filters, person: "" }).quotes).map((voice) => ({
        ...voice,
        chosen: voice.name === filters.person,
    }));
    piecewise(document.getElementById("voices-rows"), voices, voiceRow, SPEAKERS);
    piecewise(document.getElementById("quotes"), found.quotes, quoteEntry, QUOTES);
    document.getElementById("quotes-title").textContent = filters.person ? `Words of ${filters.person}` : "Their words";
    const bars = voices.slice(0, BARS);
    document.getElementById("voices-plot").hidden = !bars.length;
    drawing.data("voices", bars).height(Math.max(1, bars.length) * BAR_PX);
    await fit();
}

async function fit() {
    const width = document.getElementById("voices-plot").clientWidth - SIDES_PX;
    if (width > 0) await drawing.width(width).runAsync();
}

function voiceRow({ name: person, quotes, chosen }) {
    const button = el(
        "button",
        { type: "button", class: "link", "aria-pressed": String(chosen), onclick: () => choose(person, chosen) },
        name(person),
    );
    return el("tr", {}, el("th", { scope: "row" }, button), el("td", {}, String(quotes)));
}

function quoteEntry(quote) {
    const item = quoteItem(quote);
    item.append(el("span", { class: "source" }, time(quote.article.published), " · ", articleLink(quote.article)));
    return item;
}
