// Where everything meets: who acts, which conversation is open, and what each push from the server changes.
import { get } from "./api.js";
import { startBanners } from "./banners.js";
import { startClock } from "./clockbar.js";
import { openConversation } from "./conversation.js";
import { startDrawer } from "./drawer.js";
import { byId, h, put } from "./dom.js";
import { listen } from "./events.js";
import { openHome } from "./home.js";
import { forgetTraffic, readOn, startInspector } from "./inspector.js";
import { forgetEntries } from "./message.js";
import { forgetModals, showStack } from "./modal.js";
import { startRail } from "./rail.js";
import { startSidebar } from "./sidebar.js";
import { botDm, conversation, load, me, on, store, tell, titleOf } from "./store.js";
import { setClock } from "./time.js";
import { clearToasts, toastFor } from "./toast.js";
import { startTools } from "./tools.js";

const RETRY = 1500; // ms

let open = null; // the open conversation or Home

/** Who and where, as the address says: /?as=PERSON&at=PLACE. Nothing of it is stored, so each tab is its own person. */
function address() {
  const query = new URLSearchParams(location.search);
  return { person: query.get("as"), place: query.get("at") };
}

function setAddress(replace) {
  const next = `?as=${encodeURIComponent(store.person)}&at=${encodeURIComponent(store.place)}`;
  if (next !== location.search) history[replace ? "replaceState" : "pushState"](null, "", next);
}

async function bootstrap(person) {
  const answer = await get("bootstrap", { person });
  if (answer.ok || answer.error !== "unreachable") return answer;
  await new Promise((resolve) => {
    setTimeout(resolve, RETRY);
  });
  return bootstrap(person);
}

/** Becomes `person` (or the first there is) and opens `place` (or the best there is). */
async function enter(person, place) {
  let answer = await bootstrap(person);
  let acting = answer.people?.find((each) => each.id === person && !each.is_bot);
  if (!acting) {
    if (!answer.ok) answer = await bootstrap();
    if (!answer.ok) return fail(answer.message);
    acting = answer.people.find((each) => !each.is_bot && !each.deleted);
    if (acting.id !== person) return enter(acting.id, place);
  }
  const another = store.person !== acting.id;
  load(acting.id, answer);
  setClock(answer.clock.now);
  if (another) {
    forgetEntries();
    forgetModals();
    clearToasts();
    listen(acting.id);
  }
  tell("loaded");
  go(canOpen(place) ? place : firstPlace(), true);
  return resyncViews();
}

function canOpen(place) {
  return place === "home" ? store.app.home : Boolean(conversation(place));
}

function firstPlace() {
  const joined = store.channels.find(
    ({ member, app_member: hasApp }) => member !== false && hasApp !== false,
  );
  return (joined ?? botDm() ?? store.channels[0] ?? { id: "home" }).id;
}

function fail(sentence) {
  put(
    byId("main"),
    h(
      "div",
      { class: "empty" },
      h("p", { class: "empty-title" }, "The sandbox did not start"),
      h("p", null, sentence),
    ),
  );
}

/** Opens a conversation or Home. */
function go(place, replace = false) {
  open?.stop();
  store.place = place;
  setAddress(replace);
  document.title = `${titleOf(place)} · ${me().name} · Lost & Found sandbox`;
  const main = byId("main");
  open = place === "home" ? openHome(main) : openConversation(main, place);
  tell("place", place);
}

async function resyncViews() {
  const answer = await get("views", { person: store.person });
  if (answer.ok) showStack(answer.stack);
}

/** After a break: takes over what happened meanwhile without disturbing what is being written. */
async function resync() {
  const { person } = store;
  const answer = await get("bootstrap", { person });
  if (!answer.ok || person !== store.person) return;
  load(person, answer);
  setClock(answer.clock.now);
  const here = conversation(store.place);
  if (here && document.visibilityState === "visible") here.unread = 0; // being read right now
  tell("loaded");
  open?.pane?.refresh();
  open?.refresh?.();
  resyncViews();
  readOn();
}

function setUnread(channel, unread) {
  const found = conversation(channel);
  if (!found || found.unread === unread) return;
  found.unread = unread;
  tell("unread");
}

function messageArrived({ channel, message }) {
  if (!conversation(channel)) return resync();
  if (channel === store.place) open.pane.arrived(message);
  else toastFor(channel, message);
  return undefined;
}

function startListening() {
  on("line", (up) => up && resync()); // whatever happened before the stream stood was not pushed
  on("server:message", messageArrived);
  on(
    "server:message_changed",
    ({ channel, message }) => channel === store.place && open.pane?.changed(message),
  );
  on(
    "server:message_deleted",
    ({ channel, ts, message }) => channel === store.place && open.pane?.deleted(ts ?? message.ts),
  );
  on("server:view", ({ stack }) => showStack(stack));
  on("server:home", ({ view }) => store.place === "home" && open.show(view));
  on("server:unread", ({ channel, unread }) => setUnread(channel, unread));
  on("server:clock", (clock) => {
    setClock(clock.now ?? clock.clock.now);
    tell("clock");
    open?.pane?.clockMoved();
  });
  on("server:bot", (bot) => {
    Object.assign(store.bot, bot.bot ?? bot);
    tell("bot");
  });
  on("server:steps", ({ steps }) => {
    store.steps = steps;
    tell("steps");
  });
  on("server:reset", () => {
    const { person } = store;
    forgetTraffic();
    store.person = null; // so that everything is forgotten and the stream opened anew
    enter(person, null);
  });
}

function startMoving() {
  on("go", (place) => go(place));
  on(
    "become",
    (person) =>
      person !== store.person &&
      enter(person, conversation(store.place)?.user ? null : store.place).then(() => byId("act-as").focus()),
  );
  on("reload", (place) => enter(store.person, place ?? store.place));
  on("resync", resync);
  on("fill", (text) => {
    if (!open.fill) go(firstPlace());
    open.fill(text);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-place]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(link.dataset.place);
  });
  window.addEventListener("popstate", () => {
    const { person, place } = address();
    if (person !== store.person) enter(person, place);
    else if (canOpen(place) && place !== store.place) go(place, true);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && conversation(store.place)?.unread) open.pane?.read();
  });
}

startSidebar();
startClock();
startTools();
startRail();
startInspector();
startBanners();
startDrawer();
startListening();
startMoving();
const { person, place } = address();
enter(person, place);
