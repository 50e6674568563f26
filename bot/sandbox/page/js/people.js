// The "act as" switcher.
import { avatar } from "./avatar.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { actors, me, store, tell } from "./store.js";
import { clockTime, now } from "./time.js";

let isOpen = false;

for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => isOpen && !event.target.closest?.(".switcher") && fold());
}

/** A button that says who we are, and the list of everybody else to be. */
export function peopleSwitcher() {
  const self = me();
  const button = h(
    "button",
    {
      type: "button",
      id: "act-as",
      class: "act-as",
      "aria-expanded": String(isOpen),
      "aria-controls": "act-as-list",
      onclick: toggle,
    },
    avatar(self.id),
    h(
      "span",
      { class: "act-as-words" },
      h("span", { class: "act-as-note" }, "Acting as"),
      h("strong", null, self.name),
      h("small", null, self.title, " · ", localTime(self)),
    ),
    icon("chevron"),
  );
  const list = h(
    "ul",
    { id: "act-as-list", class: "people", "aria-label": "People to act as", hidden: !isOpen },
    actors().map((person) =>
      h(
        "li",
        null,
        h(
          "button",
          {
            type: "button",
            id: `be-${person.id}`,
            class: "person",
            "aria-current": person.id === store.person ? "true" : null,
            onclick: () => become(person.id),
          },
          avatar(person.id),
          h(
            "span",
            { class: "act-as-words" },
            h("strong", null, person.name),
            h(
              "small",
              null,
              person.title,
              person.role_hint && h("span", { class: "role" }, person.role_hint),
            ),
          ),
          localTime(person),
          person.id === store.person && icon("check"),
        ),
      ),
    ),
  );
  const node = h("div", { class: "switcher" }, button, list);
  node.addEventListener("keydown", keys);
  return node;
}

function localTime(person) {
  return h(
    "time",
    { class: "person-time", "data-zone": person.tz, title: person.tz_label ?? person.tz },
    clockTime(now(), person.tz),
  );
}

function toggle() {
  if (isOpen) return fold();
  isOpen = true;
  byId("act-as").setAttribute("aria-expanded", "true");
  byId("act-as-list").hidden = false;
  return byId(`be-${store.person}`)?.focus();
}

function fold() {
  isOpen = false;
  byId("act-as").setAttribute("aria-expanded", "false");
  byId("act-as-list").hidden = true;
}

function become(id) {
  fold();
  tell("become", id);
}

function keys(event) {
  if (!isOpen) return;
  const buttons = [...byId("act-as-list").querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    fold();
    byId("act-as").focus();
  }
}

/** Brings every local time on show up to date. */
export function refreshTimes() {
  for (const node of document.querySelectorAll("[data-zone]"))
    node.textContent = clockTime(now(), node.dataset.zone);
}
