/** Neighbours that would cover each other, set apart. */

/**
 * Return by how many pixels to shift each of some sorted places, so that neighbours of these widths do not cover each other.
 *
 * Neighbours that touch become a group, which stands around the middle of its places.
 */
export function apart(places, widths) {
    const groups = [];
    places.forEach((place, index) => {
        groups.push({ from: index, size: 1, width: widths[index], middle: place });
        while (groups.length > 1 && touching(groups.at(-2), groups.at(-1))) groups.push(merged(...groups.splice(-2)));
    });
    return groups.flatMap(({ from, size, width, middle }) => {
        let left = middle - width / 2;
        return places.slice(from, from + size).map((place, order) => {
            left += widths[from + order];
            return left - widths[from + order] / 2 - place;
        });
    });
}

const touching = (a, b) => b.middle - a.middle < (a.width + b.width) / 2;

const merged = (a, b) => ({
    from: a.from,
    size: a.size + b.size,
    width: a.width + b.width,
    middle: (a.middle * a.size + b.middle * b.size) / (a.size + b.size),
});
