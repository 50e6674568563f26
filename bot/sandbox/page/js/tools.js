// Tools around the workspace: the side panels, the theme, starting over.
import { post } from "./api.js";
import { openDialog } from "./confirm.js";
import { announce, byId, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { openInspector } from "./inspector.js";
import { on, store, tell } from "./store.js";

const PANELS = { rail: "rail-button", inspector: "inspector-button" };
const NARROW = matchMedia("(max-width: 1100px)");

/** Draws the tools; the rail is open at first where there is room. */
export function startTools() {
  put(
    byId("tools"),
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        id: "rail-button",
        "aria-controls": "rail",
        "aria-expanded": "false",
        onclick: () => toggle("rail"),
      },
      icon("list"),
      h("span", { class: "tool-words" }, "What to try"),
      h("span", { class: "count", id: "rail-count" }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        id: "inspector-button",
        "aria-controls": "inspector",
        "aria-expanded": "false",
        onclick: () => toggle("inspector"),
      },
      icon("activity"),
      h("span", { class: "tool-words" }, "Inspector"),
    ),
  );
  on("panel", show);
  on("fill", () => NARROW.matches && show(null));
  on("steps", countSteps);
  on("loaded", countSteps);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tell("theme"));
  if (!NARROW.matches) show("rail");
  document.addEventListener("keydown", (event) => {
    const open = openPanel();
    if (event.key === "Escape" && open && NARROW.matches && byId(open).contains(document.activeElement))
      show(null);
  });
}

/** The quiet tools at the sidebar's foot: theme and starting over. */
export function footTools() {
  return h(
    "div",
    { class: "sidebar-foot" },
    h(
      "button",
      { type: "button", class: "button quiet", id: "theme-button", onclick: switchTheme },
      icon(isDark() ? "sun" : "moon"),
      isDark() ? "Light theme" : "Dark theme",
    ),
    h(
      "button",
      { type: "button", class: "button quiet", id: "reset-button", onclick: askReset },
      icon("reset"),
      "Start over",
    ),
  );
}

function openPanel() {
  return Object.keys(PANELS).find((id) => !byId(id).hidden) ?? null;
}

function toggle(id) {
  show(openPanel() === id ? null : id);
  if (!byId(id).hidden && NARROW.matches) byId(id).querySelector("button")?.focus();
}

function show(id) {
  const before = openPanel();
  for (const [panel, button] of Object.entries(PANELS)) {
    byId(panel).hidden = panel !== id;
    byId(button).setAttribute("aria-expanded", String(panel === id));
  }
  document.body.classList.toggle("with-panel", id !== null);
  if (id === "inspector") openInspector();
  if (!id && before && document.activeElement === document.body) byId(PANELS[before]).focus();
}

function countSteps() {
  const done = store.steps.filter((step) => step.done).length;
  put(byId("rail-count"), `${done}/${store.steps.length}`, h("span", { class: "visually-hidden" }, " done"));
}

function isDark() {
  return (
    (document.documentElement.dataset.theme ??
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark"
  );
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts until the page is left.
  }
  tell("theme");
  announce(`${theme === "dark" ? "Dark" : "Light"} theme`);
}

function askReset() {
  openDialog({
    title: "Start over?",
    body: h(
      "p",
      null,
      "Every message, account and setting of this sandbox is put back to the beginning, and the clock to now.",
    ),
    submit: "Start over",
    cancel: "Keep everything",
    danger: true,
    onSubmit: async () => {
      const answer = await post("reset", {});
      if (!answer.ok) announce(answer.message ?? "The sandbox could not be reset.");
    },
  });
}
