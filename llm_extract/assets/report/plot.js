/** Vega, without `eval`: the page forbids that, so Vega interprets its expressions (`ast`). It loads nothing and adds no style. */

const OPTIONS = { mode: "vega", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip: false, hover: true, logLevel: 1 };

// Vega-Embed empties its container by parsing "". The page lets no other text be parsed as HTML, wherever it may come from.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (text) => (text === "" ? text : null) });

/** Draw the specification that the page has under this id, and return Vega's view of it. */
export async function drawn(id, container) {
    const specification = JSON.parse(document.getElementById(`${id}-specification`).textContent);
    const { view } = await vegaEmbed(container, specification, OPTIONS);
    container.querySelector("svg").setAttribute("aria-hidden", "true");
    return view;
}
