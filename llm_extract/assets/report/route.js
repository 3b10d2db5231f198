/**
 * The address after `#`: everything that can be looked at has one, so links can be kept and "back" works.
 *
 *     #timeline  #voices  #records  #articles    a part of the overview
 *     #meeting/ID                        a meeting across articles
 *     #article/ID                        an article
 *     #article/ID/Q3, #article/ID/M1     with a quote, a meeting or a record picked out
 *     #article/ID/at/120-180             with a passage picked out
 *
 * After `?` stand the filters: `person`, `text`, `from`, `to`, and `status` and `kind`, which may be there several times.
 */

const decode = (part) => {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
};

/** Read an address into `{path, filters}`. */
export function parse(hash) {
    const [path, query = ""] = hash.replace(/^#/, "").split("?", 2);
    const given = new URLSearchParams(query);
    const one = (name) => given.get(name) ?? "";
    const several = { status: given.getAll("status"), kind: given.getAll("kind") };
    const filters = { person: one("person"), text: one("text"), from: one("from"), to: one("to"), ...several };
    return { path: path ? path.split("/").map(decode) : ["timeline"], filters };
}

/** Write an address. */
export function address(path, filters) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filters)) {
        for (const one of [value].flat()) if (one) query.append(name, one);
    }
    const asked = query.toString();
    return `#${path.map(encodeURIComponent).join("/")}${asked ? `?${asked}` : ""}`;
}

/** Return the address of `path` under the filters that are set now. */
export const here = (...path) => address(path, parse(location.hash).filters);

/** Go to `path`, under the filters that are set now. */
export function go(...path) {
    location.hash = here(...path);
}

/** Set some filters. `silently` leaves no step for "back", as while somebody types. */
export function setFilters(change, { silently = false } = {}) {
    const { path, filters } = parse(location.hash);
    const next = address(path, { ...filters, ...change });
    if (!silently) location.hash = next;
    else {
        history.replaceState(null, "", next);
        window.dispatchEvent(new HashChangeEvent("hashchange"));
    }
}
