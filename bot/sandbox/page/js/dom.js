// Builds elements. Data only ever becomes text nodes or attributes, never markup.

const AS_PROPERTY = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "indeterminate",
  "multiple",
  "open",
  "inert",
]);

/** Builds an element: `h("p", {class: "note", onclick: run}, "text", child, [more])`; null and false are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Builds an SVG element the same way. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (AS_PROPERTY.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...present(children));
  return node;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replaces everything inside a node. */
export function put(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** Returns the element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

let lastId = 0;

/** Returns an id nobody else on the page has. */
export function newId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** Says a short sentence to screen readers without showing it. */
export function announce(sentence) {
  const place = byId("announcer");
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = sentence;
  });
}

/** Keeps keyboard focus on "the same" control when a region is drawn again; controls are the same when their ids are. */
export function keepFocus(region, draw) {
  const active = document.activeElement;
  const inside = active && region.contains(active);
  const { id, selectionStart, selectionEnd } = inside ? active : {};
  draw();
  if (!inside) return;
  const again = id && byId(id);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (selectionStart !== null && selectionStart !== undefined && again.setSelectionRange) {
    try {
      again.setSelectionRange(selectionStart, selectionEnd);
    } catch {
      // Number and date inputs have no selection to restore.
    }
  }
}
