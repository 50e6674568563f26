// "What to try": the first steps, ticking themselves off.
import { byId, h, keepFocus, put } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { on, store, tell } from "./store.js";

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
      withButtons(mrkdwn(step.text), index),
      step.done && h("span", { class: "visually-hidden" }, " (done)"),
    ),
  );
}

/** A command in a step becomes a button that writes it into the message box. */
function withButtons(nodes, step) {
  return nodes.map((node, index) => {
    if (node.tagName !== "CODE" || !node.textContent.startsWith("/")) return node;
    const command = node.textContent;
    return h(
      "button",
      {
        type: "button",
        class: "try",
        id: `try-${step}-${index}`,
        title: "Write this into the message box",
        onclick: () => tell("fill", command),
      },
      command,
    );
  });
}
