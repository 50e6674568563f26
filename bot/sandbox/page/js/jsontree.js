// JSON as a tree that unfolds; branches are built when they are first opened.
import { h } from "./dom.js";

const LONG = 400;

/** Draws a value under a name. */
export function jsonTree(name, value, open = false) {
  if (value === null || typeof value !== "object")
    return h("div", { class: "json-leaf" }, key(name), scalar(value));
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  if (!entries.length)
    return h(
      "div",
      { class: "json-leaf" },
      key(name),
      h("span", { class: "json-null" }, isList ? "[]" : "{}"),
    );
  const node = h(
    "details",
    { class: "json" },
    h(
      "summary",
      null,
      key(name),
      h(
        "span",
        { class: "json-size" },
        isList
          ? `[${entries.length}]`
          : `{${entries
              .map(([each]) => each)
              .slice(0, 4)
              .join(", ")}${entries.length > 4 ? ", …" : ""}}`,
      ),
    ),
  );
  const grow = () => {
    if (node.open && node.childElementCount === 1)
      node.append(...entries.map(([each, child]) => jsonTree(each, child)));
  };
  node.addEventListener("toggle", grow);
  if (open) {
    node.open = true;
    grow();
  }
  return node;
}

function key(name) {
  return name === null ? null : h("span", { class: "json-key" }, `${name}: `);
}

function scalar(value) {
  if (value === null) return h("span", { class: "json-null" }, "null");
  if (typeof value !== "string") return h("span", { class: "json-number" }, String(value));
  const words = value.length > LONG ? `${value.slice(0, LONG)}… (${value.length} characters)` : value;
  return h("span", { class: "json-string" }, `"${words}"`);
}
