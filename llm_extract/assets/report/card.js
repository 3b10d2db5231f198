/** The card beside a mark of the timeline: who, what, in whose words, from which article. */

import { stances, titleOf, visible } from "./data.js";
import { el, joined, present } from "./dom.js";
import { meetingInBrief, name, quoted, statusTag, time } from "./facts.js";

const BESIDE_PX = 16;

const card = () => document.getElementById("card");

/** Show the card of a mention, at a place within `anchor` in pixels. */
export function showCard({ article, meeting }, anchor, { x, y }) {
    const claims = meeting.claims.map((claim) =>
        el(
            "li",
            {},
            name(claim.by.name),
            " ",
            el("span", { class: `stance ${claim.stance}` }, stances[claim.stance].label),
            ": ",
            quoted(article, claim.at),
        ),
    );
    const source = present([name(titleOf(article)), article.source && visible(article.source)]);
    card().replaceChildren(
        el("p", { class: "when" }, statusTag(meeting.status), " ", time(article.published)),
        el("p", { class: "who" }, meetingInBrief({ article, meeting })),
        el("blockquote", {}, quoted(article, meeting.evidence[0])),
        claims.length ? el("ul", {}, claims) : "",
        el("p", { class: "dim small" }, joined(source, " · ")),
    );
    card().hidden = false;
    put(anchor.getBoundingClientRect(), x, y);
}

/** Put the card beside a place, on the side where there is room. */
function put({ left, top }, x, y) {
    const { offsetWidth: width, offsetHeight: height } = card();
    const right = left + x + BESIDE_PX;
    const fits = right + width < document.documentElement.clientWidth;
    const below = top + y + BESIDE_PX;
    card().style.left = `${Math.max(8, fits ? right : left + x - BESIDE_PX - width)}px`;
    card().style.top = `${below + height < innerHeight ? below : Math.max(8, top + y - BESIDE_PX - height)}px`;
}

/** Hide the card. */
export function hideCard() {
    card().hidden = true;
}
