/** Elements. Text only ever goes in as text: nothing in the report parses HTML. */

/** Whether the page is as narrow as a phone; the style has the same bound. */
export const narrow = matchMedia("(max-width: 760px)");

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} attributes Those that are null or false are left out; `onclick` and its like are listened for.
 * @param {...(Node|string|null|Array)} children What is null or empty is left out.
 */
export function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
        else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...present(children.flat(Infinity)));
    return node;
}

/** Leave out what is null, undefined, false or "". */
export function present(values) {
    return values.filter((value) => value !== null && value !== undefined && value !== false && value !== "");
}

/** Make the sign of a status from its mark; it says nothing to a screen reader, so its label stands beside it. */
export function sign(mark) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "-1.25 -1.25 2.5 2.5");
    svg.setAttribute("class", "sign");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", mark.path);
    path.setAttribute("fill", mark.colour);
    svg.append(path);
    return svg;
}

/** Put something between the others. */
export function joined(nodes, between) {
    return nodes.flatMap((node, place) => (place ? [between, node] : [node]));
}

/** Say of a link whether it leads to what is shown. */
export function setCurrent(link, current) {
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
}

/** Tell a screen reader what has come up. */
export function announce(text) {
    document.getElementById("announcement").textContent = text;
}

/** Say how many, with the noun's plural where it needs one. */
export function count(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Show a long list piece by piece: what is not shown yet is no part of the page.
 * @param {Element} list Where the items go; emptied first.
 * @param {Array} items
 * @param {function(*): Node} render
 * @param {number} step How many at first, and with each "Show more".
 */
export function piecewise(list, items, render, step) {
    let shown = 0;
    const more = el("button", { type: "button", class: "more", onclick: grow });
    function grow(event) {
        const nodes = items.slice(shown, shown + step).map(render);
        list.append(...nodes);
        shown += nodes.length;
        more.hidden = shown >= items.length;
        more.textContent = `Show ${Math.min(step, items.length - shown)} more of ${items.length.toLocaleString("en")}`;
        if (event) nodes[0]?.querySelector("a, button")?.focus();
    }
    const block = list.closest("table") ?? list;
    if (block.nextElementSibling?.matches("button.more")) block.nextElementSibling.remove();
    list.replaceChildren();
    block.after(more);
    grow();
}
