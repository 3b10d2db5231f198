/** The values of a record: `{text}`, `{words}`, `{party}`, `{list}` or `{fields}`, with `evidence` where the schema asks for it. */

/** Go through the values of a record, each before those within it. */
export function valuesIn(fields) {
    return fields.flatMap(([, value]) => inside(value));
}

function inside(value) {
    return [value, ...(value.list ?? []).flatMap(inside), ...valuesIn(value.fields ?? [])];
}

/** Return all passages of an article that an entry points at: `{kind, span}`, each once; `evidence` are sentences, `slice` words. */
export function passagesOf(entry) {
    const found = new Map();
    const add = (kind, span) => span && found.set(`${kind} ${span[0]}-${span[1]}`, { kind, span });
    const values = valuesIn(entry.fields);
    entry.evidence.forEach((span) => add("evidence", span));
    values.forEach((value) => (value.evidence ?? []).forEach((span) => add("evidence", span)));
    values.forEach((value) => add("slice", value.words ?? value.party?.at));
    return [...found.values()];
}
