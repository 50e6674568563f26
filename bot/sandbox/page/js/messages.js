// The open conversation's messages: paging back, following along, days and grouping.
import { get, post } from "./api.js";
import { h, keepFocus, put } from "./dom.js";
import { icon } from "./icons.js";
import { drawMessage } from "./message.js";
import { myZone, nameOf, store, titleOf } from "./store.js";
import { dayTitle, fromTs, localDate, now } from "./time.js";

const PAGE = 50;
const GROUP_SECONDS = 300;
const NEAR_EDGE = 160; // px
const HEADROOM = 48; // px left above the first message to be read

/** Builds the message pane for `channel`; it lives until the conversation is left. Returns {node, note, stop}. */
export function messagePane(channel, unread) {
  let messages = [];
  let hasMore = true;
  let loading = false;
  let alive = true;
  let drawnOn = null; // local date of the last full drawing
  let newFrom = null; // ts of the first message not seen before
  let atEnd = true; // and to stay there
  let placedAt = 0; // where we last scrolled to; elsewhere, somebody else has scrolled
  let missed = null; // ts of the first message that arrived out of sight

  const log = h("div", {
    class: "log",
    role: "log",
    "aria-label": `Messages in ${titleOf(channel)}`,
    "aria-busy": "true",
  });
  const jump = h(
    "button",
    { type: "button", class: "jump", hidden: true, onclick: () => toNews(missed) },
    "New messages",
    icon("chevron"),
  );
  const scroller = h(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": `${titleOf(channel)}, scrollable` },
    log,
  );
  const node = h("div", { class: "pane" }, scroller, jump);

  async function page(before) {
    if (loading || !hasMore) return;
    loading = true;
    const answer = await get("messages", { person: store.person, channel, before, limit: PAGE });
    loading = false;
    if (!alive) return;
    if (!answer.ok) return note(answer.message);
    hasMore = answer.has_more;
    const known = new Set(messages.map(({ ts }) => ts));
    messages = [...answer.messages.filter(({ ts }) => !known.has(ts)), ...messages];
    if (!before) {
      newFrom = unread > 0 ? (messages.at(-unread)?.ts ?? null) : null;
      drawAll();
      toNews(newFrom);
      requestAnimationFrame(() => toNews(newFrom));
    } else {
      inPlace(drawAll);
    }
    if (hasMore && scroller.scrollHeight <= scroller.clientHeight && messages.length) page(messages[0].ts);
  }

  /** Draws anew while the eye stays where it is, measured from the end. */
  function inPlace(draw) {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    draw();
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  }

  function drawAll() {
    drawnOn = localDate(now(), myZone());
    log.setAttribute("aria-busy", "true");
    keepFocus(log, () =>
      put(
        log,
        beginning(),
        messages.length
          ? messages.map((message, index) => entry(message, messages[index - 1]))
          : emptyWords(),
      ),
    );
    requestAnimationFrame(() => log.setAttribute("aria-busy", "false"));
  }

  function beginning() {
    if (!messages.length) return null;
    return h(
      "p",
      { class: "beginning" },
      hasMore ? "Loading older messages…" : `This is where ${titleOf(channel)} begins.`,
    );
  }

  function emptyWords() {
    return h(
      "div",
      { class: "empty" },
      h("p", { class: "empty-title" }, "Nothing here yet"),
      h("p", null, "Write something below, or type ", h("kbd", null, "/"), " to see what the bot can do."),
    );
  }

  function entry(message, previous) {
    const zone = myZone();
    const day = localDate(fromTs(message.ts), zone);
    const newDay = !previous || localDate(fromTs(previous.ts), zone) !== day;
    const isNew = message.ts === newFrom;
    return [
      newDay && h("h3", { class: "day" }, h("span", null, dayTitle(fromTs(message.ts), zone))),
      isNew && h("p", { class: "new-mark" }, h("span", null, "New")),
      drawMessage(message, channel, !newDay && !isNew && follows(message, previous)),
    ];
  }

  function arrived(message) {
    const at = messages.findIndex(({ ts }) => ts === message.ts);
    if (at >= 0) return changed(message);
    const last = messages.at(-1);
    const wasNear = isNearEnd() || scroller.scrollTop === placedAt;
    messages.push(message);
    if (last && Number(last.ts) > Number(message.ts)) {
      messages.sort((a, b) => Number(a.ts) - Number(b.ts));
      drawAll();
    } else if (!last) {
      drawAll();
    } else {
      log.append(...entry(message, last).filter(Boolean));
    }
    if (wasNear || message.ephemeral || message.user === store.person) toNews(message.ts);
    else announceBelow(message.ts);
    read();
  }

  function changed(message) {
    const at = messages.findIndex(({ ts }) => ts === message.ts);
    if (at < 0) return;
    const before = JSON.stringify(messages[at]);
    messages[at] = { ...messages[at], ...message };
    if (JSON.stringify(messages[at]) === before) return;
    const old = log.querySelector(`[data-ts="${CSS.escape(message.ts)}"]`);
    const wasNear = isNearEnd();
    keepFocus(log, () =>
      old?.replaceWith(drawMessage(messages[at], channel, old.classList.contains("follows"))),
    );
    if (wasNear) toEnd();
  }

  function deleted(ts) {
    messages = messages.filter((message) => message.ts !== ts);
    inPlace(drawAll);
  }

  function isNearEnd() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_EDGE;
  }

  function toEnd() {
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: "instant" });
    placedAt = scroller.scrollTop;
    jump.hidden = true;
    atEnd = true;
  }

  function announceBelow(ts) {
    if (jump.hidden) missed = ts;
    jump.hidden = false;
  }

  /** Goes to the end, but never past the beginning of what is to be read. */
  function toNews(ts) {
    toEnd();
    const first = ts && log.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!first) return;
    const above = scroller.getBoundingClientRect().top + HEADROOM - first.getBoundingClientRect().top;
    if (above <= 0) return;
    scroller.scrollTop -= above;
    placedAt = scroller.scrollTop;
    atEnd = isNearEnd();
  }

  function read() {
    if (document.visibilityState === "visible") post("read", { person: store.person, channel });
  }

  /** Shows a private note that only this page knows of, as Slack does when a command fails. */
  function note(text) {
    arrived({
      ts: `${(now().getTime() / 1000).toFixed(6)}`,
      user: null,
      name: "Sandbox",
      text,
      ephemeral: true,
      bot: false,
      local: true,
    });
  }

  scroller.addEventListener(
    "scroll",
    () => {
      if (scroller.scrollTop < NEAR_EDGE && messages.length) page(messages[0].ts);
      atEnd = isNearEnd();
      if (atEnd) jump.hidden = true;
    },
    { passive: true },
  );
  const resized = new ResizeObserver(() => atEnd && toEnd());
  resized.observe(scroller);

  const firstPage = page();
  firstPage.then(read);
  return {
    node,
    note,
    arrived,
    changed,
    deleted,
    read,
    clockMoved() {
      if (localDate(now(), myZone()) !== drawnOn) inPlace(drawAll); // "Today" has become yesterday
    },
    /** Takes over what happened while nobody told us. */
    async refresh() {
      await firstPage;
      const answer = await get("messages", { person: store.person, channel, limit: PAGE });
      if (!alive || !answer.ok || !answer.messages.length) return;
      const since = Number(answer.messages[0].ts);
      const isGap = messages.length > 0 && Number(messages.at(-1).ts) < since;
      if (isGap) {
        messages = [];
        hasMore = answer.has_more;
      }
      const still = new Set(answer.messages.map(({ ts }) => ts));
      for (const { ts, local } of messages) {
        if (Number(ts) >= since && !local && !still.has(ts)) deleted(ts);
      }
      answer.messages.forEach(arrived);
    },
    stop() {
      alive = false;
      resized.disconnect();
    },
  };
}

function follows(message, previous) {
  return (
    previous &&
    previous.user &&
    previous.user === message.user &&
    !previous.ephemeral &&
    !message.ephemeral &&
    Number(message.ts) - Number(previous.ts) < GROUP_SECONDS
  );
}

/** One line that says what a message is about, for toasts. */
export function gist(message) {
  const text = message.text || message.files?.map(({ name }) => name).join(", ") || "sent something";
  return { from: nameOf(message.user), text: text.length > 140 ? `${text.slice(0, 139)}…` : text };
}
