// The clock bar: the workspace's time, and the buttons that move it.
import { post } from "./api.js";
import { announce, byId, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { refreshTimes } from "./people.js";
import { me, myZone, on, store } from "./store.js";
import { clockTime, dayAndYear, fromLocalInput, localInput, now, setClock, shortDay } from "./time.js";

const HOUR = 3600;
const MOVES = [
  ["+1 hour", { by_seconds: HOUR }],
  ["Tomorrow 09:00", { preset: "tomorrow_9" }],
  ["Next Monday 09:00", { preset: "next_monday_9" }],
  ["+1 week", { by_seconds: 7 * 24 * HOUR }],
  ["Now", { preset: "now" }],
];

let busy = false;

/** Draws the clock and keeps it going. */
export function startClock() {
  const day = h("span", { class: "clock-day", id: "clock-day" });
  const time = h("span", { class: "clock-time", id: "clock-time" });
  const opener = h(
    "button",
    {
      type: "button",
      class: "clock-face",
      id: "clock-face",
      "aria-expanded": "false",
      "aria-controls": "clock-moves",
      onclick: () => openMoves(byId("clock").classList.toggle("open")),
    },
    icon("clock"),
    day,
    time,
    h("span", { class: "visually-hidden" }, ", move the clock"),
    icon("chevron"),
  );
  const field = h("input", { type: "datetime-local", class: "field date", id: "clock-date" });
  put(
    byId("clock"),
    opener,
    h(
      "div",
      { class: "clock-moves", id: "clock-moves", role: "group", "aria-label": "Move the clock" },
      h(
        "div",
        { class: "clock-presets" },
        MOVES.map(([words, move]) =>
          h("button", { type: "button", class: "button small", onclick: () => shift(move) }, words),
        ),
      ),
      h(
        "form",
        {
          class: "clock-other",
          onsubmit: (event) => {
            event.preventDefault();
            if (field.value) shift({ to: fromLocalInput(field.value, myZone()).toISOString() });
          },
        },
        h("label", { for: "clock-date" }, "Any date and time"),
        h(
          "div",
          { class: "clock-to" },
          field,
          h("button", { type: "submit", class: "button small primary" }, "Go"),
        ),
        h("p", { class: "clock-zone", id: "clock-zone" }),
      ),
    ),
    h("p", { class: "clock-busy", id: "clock-busy", role: "status" }),
  );
  document.addEventListener("click", (event) => {
    if (!byId("clock").contains(event.target)) openMoves(false);
  });
  byId("clock").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !byId("clock").classList.contains("open")) return;
    openMoves(false);
    opener.focus();
  });
  on("loaded", show);
  on("clock", show);
  setInterval(show, 5000);
}

function openMoves(open) {
  byId("clock").classList.toggle("open", open);
  byId("clock-face").setAttribute("aria-expanded", String(open));
  if (open) byId("clock-date").value = localInput(now(), myZone());
}

function show() {
  if (!me()) return;
  const [zone, instant] = [myZone(), now()];
  const [day, year] = dayAndYear(instant, zone);
  put(byId("clock-day"), day, h("span", { class: "clock-year" }, ` ${year}`));
  byId("clock-time").textContent = clockTime(instant, zone);
  byId("clock-zone").textContent = `Times are ${me().name.split(" ")[0]}'s: ${me().tz_label ?? zone}.`;
  byId("clock").classList.toggle("moved", Math.abs(instant - Date.now()) > 60_000);
  refreshTimes();
}

async function shift(move) {
  if (busy) return;
  busy = true;
  setBusy("The bot is doing what fell due…");
  const answer = await post("clock", { person: store.person, ...move });
  busy = false;
  if (!answer.ok) return setBusy(answer.message ?? answer.error);
  if (answer.clock) setClock(answer.clock.now);
  setBusy("");
  show();
  announce(`It is now ${shortDay(now(), myZone())}, ${clockTime(now(), myZone())}.`);
  return undefined;
}

function setBusy(sentence) {
  byId("clock-busy").textContent = sentence;
  byId("clock").setAttribute("aria-busy", String(busy));
  for (const button of byId("clock-moves").querySelectorAll("button")) button.disabled = busy;
}
