/** Dates and names in words. */

const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const DAY = format({ day: "numeric", month: "long", year: "numeric" });
const SHORT = format({ day: "numeric", month: "short", year: "numeric" });
const MONTH = format({ month: "long", year: "numeric" });

/** Write a day, such as `2018-11-06`, in words. */
export const day = (iso) => (iso ? DAY.format(new Date(`${iso}T00:00Z`)) : "undated");

/** Write a day shortly. */
export const shortDay = (iso) => (iso ? SHORT.format(new Date(`${iso}T00:00Z`)) : "undated");

/** Write a date in EDTF in words: a day, a month, a year, an interval of days; anything else as it is. */
export function dateInWords(edtf) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(edtf)) return day(edtf);
    if (/^\d{4}-\d{2}$/.test(edtf)) return MONTH.format(new Date(`${edtf}-01T00:00Z`));
    const interval = /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/.exec(edtf);
    return interval ? DAY.formatRange(...interval.slice(1).map((iso) => new Date(`${iso}T00:00Z`))) : edtf;
}

/** Return the initials of a name, at most two: of "Ilze Kalnina" IK, of "The Hague" H. */
export function initials(name) {
    const parts = name.replace(/^the\s+/i, "").match(/[\p{L}\p{N}]+/gu) ?? ["?"];
    const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
    return picked.map((part) => [...part][0].toUpperCase()).join("");
}

/** Make a text comparable: without case, accents and differences of width. */
export const fold = (text) =>
    text
        .normalize("NFKD")
        .replace(/\p{M}+/gu, "")
        .toLowerCase();
