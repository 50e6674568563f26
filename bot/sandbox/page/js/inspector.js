// The inspector: everything that went between workspace and bot, as it went.
import { get } from "./api.js";
import { byId, h, put } from "./dom.js";
import { faultsForm } from "./faults.js";
import { icon } from "./icons.js";
import { jsonTree } from "./jsontree.js";
import { myZone, on, tell } from "./store.js";
import { clockTime } from "./time.js";

const MOST = 400;

let entries = new Map(); // by seq
let started = false;

/** Builds the inspector; it reads nothing until it is first opened. */
export function startInspector() {
  const words = h("input", {
    type: "search",
    id: "traffic-filter",
    class: "field",
    placeholder: "Filter: a command, method, id…",
    "aria-label": "Filter the traffic",
    oninput: draw,
  });
  const which = h(
    "select",
    { id: "traffic-which", class: "field", "aria-label": "Which traffic", onchange: draw },
    [
      ["", "Everything"],
      ["to_bot", "To the bot"],
      ["from_bot", "From the bot"],
      ["failed", "Failed"],
    ].map(([value, name]) => h("option", { value }, name)),
  );
  put(
    byId("inspector"),
    h(
      "header",
      { class: "panel-head" },
      h("h2", null, "Inspector"),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close the inspector",
          onclick: () => tell("panel", null),
        },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "traffic-tools" },
      words,
      which,
      h("button", { type: "button", class: "button small", onclick: clear }, "Clear"),
    ),
    h(
      "div",
      { class: "panel-scroll", tabindex: "0", role: "region", "aria-label": "Traffic" },
      h("p", { class: "traffic-count", id: "traffic-count" }),
      h("ol", { class: "traffic", id: "traffic" }),
    ),
    faultsForm(),
  );
  on("server:traffic", (told) => {
    if (started) add([told.entry ?? told]);
  });
}

/** Called when the inspector comes into view. */
export async function openInspector() {
  if (started) return;
  started = true;
  await readOn();
}

/** Reads what was missed, as after a break of the line. */
export async function readOn() {
  if (!started) return;
  const answer = await get("traffic", { after: Math.max(0, ...entries.keys()), limit: 200 });
  if (answer.ok) add(answer.entries);
}

function clear() {
  for (const seq of [...entries.keys()].slice(0, -1)) entries.delete(seq);
  const [last] = entries.keys();
  if (last) entries.set(last, null); // remembered only so that reading goes on from here
  draw();
}

function add(more) {
  for (const entry of more) {
    const isNew = !entries.has(entry.seq);
    entries.set(entry.seq, entry);
    if (isNew) {
      if (fits(entry)) byId("traffic").prepend(row(entry));
    } else {
      byId(`traffic-${entry.seq}`)?.replaceWith(row(entry));
    }
  }
  while (entries.size > MOST) {
    const [oldest] = entries.keys();
    byId(`traffic-${oldest}`)?.remove();
    entries.delete(oldest);
  }
  count();
}

function draw() {
  const fitting = [...entries.values()].filter((entry) => entry && fits(entry));
  put(byId("traffic"), fitting.reverse().map(row));
  count();
}

function count() {
  const shown = byId("traffic").childElementCount;
  byId("traffic-count").textContent = shown
    ? `${shown} shown, newest first`
    : "Nothing yet. Type a command and watch.";
}

function fits(entry) {
  const which = byId("traffic-which").value;
  if (which === "failed" ? entry.ok : which && entry.direction !== which) return false;
  const wanted = byId("traffic-filter").value.trim().toLowerCase();
  return !wanted || JSON.stringify(entry).toLowerCase().includes(wanted);
}

function row(entry) {
  const toBot = entry.direction === "to_bot";
  const details = h(
    "details",
    null,
    h(
      "summary",
      null,
      h("span", { class: toBot ? "way to-bot" : "way from-bot" }, toBot ? "→ bot" : "← bot"),
      h("span", { class: "traffic-kind" }, entry.kind),
      h("span", { class: "traffic-name" }, entry.name),
      !entry.ok && h("span", { class: "failed" }, "failed"),
      h("span", { class: "traffic-ms" }, Number.isFinite(entry.ms) ? `${Math.round(entry.ms)} ms` : ""),
      h("time", { datetime: entry.at }, entry.at ? clockTime(new Date(entry.at), myZone()) : ""),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(
        h(
          "div",
          { class: "traffic-body" },
          jsonTree("request", entry.request, true),
          jsonTree("response", entry.response, true),
          copyButton(entry),
        ),
      );
    }
  });
  return h("li", { id: `traffic-${entry.seq}` }, details);
}

function copyButton(entry) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button small",
      onclick: async () => {
        await navigator.clipboard.writeText(JSON.stringify(entry, null, 2));
        button.textContent = "Copied";
      },
    },
    "Copy as JSON",
  );
  return button;
}

/** Forgets all traffic, as after a reset. */
export function forgetTraffic() {
  entries = new Map();
  draw();
}
