// The sandbox's clock as this page sees it, and how moments are written for people.

const LOCALE = "en-GB";
const formats = new Map();
let offset = 0; // sandbox time minus this computer's time, in ms

/** Sets the clock to what the server says it is now. */
export function setClock(iso) {
  offset = Date.parse(iso) - Date.now();
}

/** The sandbox's present instant. */
export function now() {
  return new Date(Date.now() + offset);
}

function written(instant, zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  return formats.get(key).format(instant);
}

/** The instant of a Slack timestamp ("seconds.microseconds"). */
export function fromTs(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** "09:05" */
export const clockTime = (instant, zone) =>
  written(instant, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** "Mon 2 Mar 2026" */
export const shortDay = (instant, zone) =>
  written(instant, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(
    ",",
    "",
  );

/** "Mon 2 Mar" and "2026", apart. */
export function dayAndYear(instant, zone) {
  const words = shortDay(instant, zone).split(" ");
  return [words.slice(0, -1).join(" "), words.at(-1)];
}

/** "Monday, 2 March", with the year when it is not this one. */
function longDay(instant, zone) {
  const year = written(instant, zone, { year: "numeric" });
  const thisYear = written(now(), zone, { year: "numeric" });
  const day = `${written(instant, zone, { weekday: "long" })}, ${written(instant, zone, { day: "numeric", month: "long" })}`;
  return year === thisYear ? day : `${day} ${year}`;
}

/** "2026-03-02": the local date, good for comparing days. */
export function localDate(instant, zone) {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(instant);
}

/** "2026-03-02T09:05" in a zone, as date-time inputs want it. */
export function localInput(instant, zone) {
  return `${localDate(instant, zone)}T${clockTime(instant, zone)}`;
}

/** The instant at which a zone's wall clock shows "2026-03-02T09:05"; in a gap, the moment after it. */
export function fromLocalInput(text, zone) {
  const wanted = Date.parse(`${text}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    guess += wanted - Date.parse(`${localInput(new Date(guess), zone)}:00Z`);
  }
  return new Date(guess);
}

/** "today", "yesterday" or "tomorrow", or null for other days. */
function nearDay(instant, zone) {
  const days = (Date.parse(localDate(instant, zone)) - Date.parse(localDate(now(), zone))) / 86_400_000;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[Math.round(days)] ?? null;
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Day divider: "Today", "Yesterday" or the date. */
export function dayTitle(instant, zone) {
  const near = nearDay(instant, zone);
  return near && near !== "tomorrow" ? capital(near) : longDay(instant, zone);
}

const DATE_TOKENS = {
  date_num: (at, zone) => localDate(at, zone),
  date_slash: (at, zone) => written(at, zone, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (at, zone) => written(at, zone, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (at, zone) => written(at, zone, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (at, zone) =>
    written(at, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  time: clockTime,
  time_secs: (at, zone) =>
    written(at, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  ago: (at) => ago(at),
};

/** Writes Slack's date tokens ("{date_short} at {time}") out for a zone. */
export function dateTokens(pattern, instant, zone) {
  return pattern.replace(/\{(\w+)\}/g, (token, name) => {
    const pretty = name.endsWith("_pretty") || name.startsWith("day_divider");
    const near = pretty && nearDay(instant, zone);
    if (near) return near;
    return DATE_TOKENS[name.replace(/_pretty$/, "")]?.(instant, zone) ?? token;
  });
}

function ago(instant) {
  const minutes = Math.round((now() - instant) / 60_000);
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(-minutes, "minute");
  if (Math.abs(minutes) < 60 * 36) return relative.format(-Math.round(minutes / 60), "hour");
  return relative.format(-Math.round(minutes / 1440), "day");
}
