/** Facts in words: what lists, panels and the card of the timeline say about meetings, claims, quotes and entries. */

import { line, mentions, quotes, stances, statuses, titleOf, visible, withOthers } from "./data.js";
import { count, el, joined, present, sign } from "./dom.js";
import { here } from "./route.js";
import { dateInWords, day } from "./words.js";

/** What stands where nothing is known. */
const NOTHING = "–";

const KINDS = { in_person: "in person", encounter: "brief encounter", call: "by telephone or video" };

/** Name a form of meeting. */
export const kindInWords = (kind) => KINDS[kind] ?? kind;

/** Show a status: its sign and its label. */
export const statusTag = (status) =>
    el("span", { class: "status", title: statuses[status].meaning }, sign(statuses[status]), statuses[status].label);

/** Show a name that an article gave; it turns no other text around it. */
export const name = (text) => el("bdi", {}, visible(text));

/** Show names in a row. */
export const names = (people) => (people.length ? joined(people.map(name), ", ") : [NOTHING]);

/** Show a day of publication. */
export const time = (iso) => (iso ? el("time", { datetime: iso }, day(iso)) : el("span", { class: "dim" }, "undated"));

/** Link to an article, or to a part of it. */
export const articleLink = (article, ...part) => el("a", { href: here("article", article.id, ...part) }, name(titleOf(article)));

/** Show words of an article in quotation marks. */
export const quoted = (article, span) => el("q", {}, "“", el("bdi", {}, line(article, span)), "”");

/** Show the words of a quote, with a mark where a cue breaks them. */
const wordsOf = ({ article, quote }) =>
    joined(
        quote.segments.map((span) => quoted(article, span)),
        " … ",
    );

/** Say who meets, where and when, in a line. */
export function meetingInBrief({ article, meeting }) {
    const where = meeting.place ?? meeting.event;
    const about = [where && name(line(article, where)), meeting.date && dateInWords(meeting.date)];
    return [...names(meeting.people.map((party) => party.name)), ...present(about).flatMap((part) => [" · ", part])];
}

/** Say who claims what, with the sentence that reports it. */
export function claimItem(article, claim) {
    const stance = el("span", { class: `stance ${claim.stance}` }, stances[claim.stance].label);
    const [start, end] = claim.at;
    const source =
        article.text === null
            ? quoted(article, claim.at)
            : el("a", { href: here("article", article.id, "at", `${start}-${end}`) }, quoted(article, claim.at));
    return el("li", {}, name(claim.by.name), " ", stance, ": ", source);
}

/** Say of each party what it is. */
function partyItem(party) {
    const about = present([party.role, party.affiliation]).map(visible).join(", ");
    const chosen = el(
        "a",
        { href: `#timeline?${new URLSearchParams({ person: party.person })}`, title: "All about this person" },
        name(party.name),
    );
    return el("li", {}, chosen, about && el("span", { class: "dim" }, `, ${about}`));
}

/** Say how much was found in an article. */
export function countsOf(article) {
    const others = withOthers && [count(article.meetings.length, "meeting"), count(article.quotes.length, "quote")];
    const own = (article.entries.length || !withOthers) && count(article.entries.length, "record");
    return present([others, own].flat());
}

/** List facts, leaving out those that are not known. */
function facts(pairs) {
    const known = pairs.filter(([, value]) => present([value].flat(Infinity)).length);
    return el(
        "dl",
        { class: "facts" },
        known.map(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]),
    );
}

/** Say all that is known of a meeting as one article tells of it. */
export function meetingFacts(mention) {
    const { article, meeting, place } = mention;
    const written = (span) => span && quoted(article, span);
    const about = quotes.filter((other) => other.place === place && other.quote.meeting === meeting.id);
    return facts([
        ["Status", [statusTag(meeting.status), el("span", { class: "dim" }, ` – ${statuses[meeting.status].meaning}`)]],
        ["Who", el("ul", {}, meeting.people.map(partyItem))],
        [
            "When",
            [meeting.date && dateInWords(meeting.date), meeting.when && [meeting.date ? ", written " : "written ", written(meeting.when)]],
        ],
        ["Where", written(meeting.place)],
        ["Occasion", written(meeting.event)],
        ["Form", kindInWords(meeting.kind)],
        ["About", joined(meeting.topics.map(written), ", ")],
        [
            "Who says so",
            meeting.claims.length &&
                el(
                    "ul",
                    {},
                    meeting.claims.map((claim) => claimItem(article, claim)),
                ),
        ],
        ["Words on it", about.length && el("ul", {}, about.map(quoteItem))],
        [
            "It rests on",
            el(
                "ul",
                {},
                meeting.evidence.map((span) => el("li", {}, passage(article, span))),
            ),
        ],
    ]);
}

/** Say all that is known of a quote. */
export function quoteFacts({ article, place, quote }) {
    const about = mentions.find((other) => other.place === place && other.meeting.id === quote.meeting);
    return facts([
        ["Speaker", quote.speaker ? el("ul", {}, partyItem(quote.speaker)) : "the article does not tell"],
        [
            "Words",
            el(
                "ul",
                {},
                quote.segments.map((span) => el("li", {}, passage(article, span))),
            ),
        ],
        ["How", [`${quote.kind} speech`, quote.cue && [", ", quoted(article, quote.cue)]]],
        ["To", quote.addressee && quoted(article, quote.addressee)],
        [
            "Meeting",
            about &&
                el(
                    "a",
                    { href: here("article", article.id, about.meeting.id) },
                    statusTag(about.meeting.status),
                    " ",
                    meetingInBrief(about),
                ),
        ],
    ]);
}

/** Link to a passage by its words. */
export function passage(article, span) {
    return article.text === null
        ? quoted(article, span)
        : el("a", { href: here("article", article.id, "at", `${span[0]}-${span[1]}`) }, quoted(article, span));
}

/** Show a quote in a list: speaker, words and a link to where it stands. */
export function quoteItem(found) {
    const { article, person, quote } = found;
    const href = here("article", article.id, quote.id);
    return el("li", {}, el("a", { href }, el("strong", {}, person ? name(person) : "Somebody"), ": ", wordsOf(found)));
}

/** Say all that is known of an entry. */
export function entryFacts({ article, entry }) {
    const rests = el(
        "ul",
        {},
        entry.evidence.map((span) => el("li", {}, passage(article, span))),
    );
    return facts([...fieldsIn(article, entry.fields), ["It rests on", entry.evidence.length && rests]]);
}

const fieldsIn = (article, fields) => fields.map(([field, value]) => [name(field), valueOf(article, value)]);

/** Show a value with links to what it points at; nothing where there is none. */
function valueOf(article, value) {
    let said = null;
    if (value.words) said = passage(article, value.words);
    else if (value.party) said = el("ul", {}, partyItem(value.party));
    else if (value.list?.length)
        said = el(
            "ul",
            {},
            value.list.map((item) => (item.party ? partyItem(item.party) : el("li", {}, valueOf(article, item)))),
        );
    else if (value.fields?.length) said = facts(fieldsIn(article, value.fields));
    else if (value.text !== undefined) said = name(value.text);
    return said && [said, (value.evidence ?? []).map((span) => [" ", ground(article, span)])];
}

/** Link to the sentence that a value rests on. */
const ground = (article, span) =>
    article.text === null
        ? quoted(article, span)
        : el(
              "a",
              { href: here("article", article.id, "at", `${span[0]}-${span[1]}`), class: "ground", title: line(article, span) },
              "evidence",
          );

const BRIEF_FIELDS = 4;
const BRIEF_CHARACTERS = 60;

/** Say shortly what an entry holds. */
export function entryInBrief({ article, entry }) {
    const told = present(entry.fields.map(([, value]) => inWords(article, value))).slice(0, BRIEF_FIELDS);
    const short = told.map((words) => (words.length > BRIEF_CHARACTERS ? `${[...words].slice(0, BRIEF_CHARACTERS).join("")}…` : words));
    return short.length ? joined(short.map(name), " · ") : [NOTHING];
}

function inWords(article, value) {
    if (value.words) return line(article, value.words);
    if (value.party) return value.party.name;
    if (value.list) return present(value.list.map((item) => inWords(article, item))).join("; ");
    if (value.fields) return present(value.fields.map(([, part]) => inWords(article, part))).join(", ");
    return value.text ?? "";
}

/** Show an entry in a list. */
export function entryItem(found) {
    const href = here("article", found.article.id, found.entry.id);
    return el("li", {}, el("a", { href }, el("strong", {}, name(found.entry.kind)), ": ", entryInBrief(found)));
}
