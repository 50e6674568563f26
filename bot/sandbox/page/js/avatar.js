// Pictures of people: initials on their colour.
import { h } from "./dom.js";
import { nameOf, store } from "./store.js";

const COLOURS = ["#1c5b4c", "#8a4b16", "#3f5488", "#7c3f63", "#4d6122", "#8c3b2f", "#2d6a7a", "#6a4c93"];

/** A decorative avatar; the app wears the tag of the house. */
export function avatar(id) {
  if (id === store.app?.bot_user)
    return h(
      "span",
      { class: "avatar", "aria-hidden": "true" },
      h("img", { src: new URL("../favicon.svg", import.meta.url).pathname, alt: "" }),
    );
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials(nameOf(id)));
  const colour = colourOf(id);
  node.style.setProperty("--avatar", colour);
  node.style.color = isPale(colour) ? "#1f2a26" : "#ffffff";
  return node;
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

function colourOf(id) {
  const given = store.people.get(id)?.colour;
  if (given) return given.startsWith("#") ? given : `#${given}`;
  const sum = [...(id ?? "")].reduce((total, char) => total + char.charCodeAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

/** Whether dark letters are read more easily on this colour ("#rrggbb") than white ones. */
function isPale(colour) {
  const [red, green, blue] = [1, 3, 5].map(
    (at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2;
}
