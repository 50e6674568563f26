// "What to try": the first steps, ticking themselves off.
import { byId, h, keepFocus, put } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { nameOf, on, store, tell } from "./store.js";

/** Draws the rail and keeps it true. */
export function startRail() {
  on("loaded", draw);
  on("steps", draw);
}

function draw() {
  const { steps } = store;
  const done = steps.filter((step) => step.done).length;
  const rail = byId("rail");
  keepFocus(rail, () =>
    put(
      rail,
      h(
        "header",
        { class: "panel-head" },
        h("h2", null, "What to try"),
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            id: "rail-close",
            "aria-label": "Close What to try",
            onclick: () => tell("panel", null),
          },
          icon("close"),
        ),
      ),
      h(
        "div",
        { class: "panel-scroll", tabindex: "0", role: "region", "aria-label": "Steps" },
        h(
          "p",
          { class: "progress-words", id: "progress-words" },
          done === steps.length && done
            ? "All done. That is the whole story."
            : `${done} of ${steps.length} done`,
        ),
        h("progress", { max: steps.length || 1, value: done, "aria-labelledby": "progress-words" }),
        h("ol", { class: "steps" }, steps.map(drawStep)),
      ),
    ),
  );
}

function drawStep(step, index) {
  return h(
    "li",
    { class: step.done ? "step done" : "step" },
    h("span", { class: "step-mark", "aria-hidden": "true" }, step.done ? icon("check") : index + 1),
    h(
      "div",
      { class: "step-words rich" },
      mrkdwn(step.text).map((node, part) => withButton(node, `try-${index}-${part}`)),
      step.done && h("span", { class: "visually-hidden" }, " (done)"),
    ),
  );
}

/** In a step, a command becomes a button that writes it into the message box, and a person one to act as them. */
function withButton(node, id) {
  const person = node.dataset?.person;
  if (person)
    return button(id, nameOf(person), `Act as ${nameOf(person)}`, () => tell("become", person), "person-name");
  const command = node.tagName === "CODE" ? node.textContent : "";
  if (command.startsWith("/"))
    return button(id, command.trim(), "Write this into the message box", () => tell("fill", command), "command");
  return node;
}

function button(id, words, title, onclick, kind) {
  return h("button", { type: "button", class: `try ${kind}`, id, title, onclick }, words);
}
