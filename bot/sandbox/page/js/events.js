// The server's pushes: one stream per page, opened again whenever it breaks.
import { tell } from "./store.js";

const KINDS = [
  "message",
  "message_changed",
  "message_deleted",
  "view",
  "home",
  "clock",
  "bot",
  "unread",
  "steps",
  "traffic",
  "reset",
];
const LONGEST_WAIT = 5000; // ms between two attempts

let source = null;
let timer = null;
let wait = 250;

/** Listens for what `person` may see. Tells each event as "server:KIND", and "line" with true or false as the stream comes and goes. */
export function listen(person) {
  stop();
  source = new EventSource(`/sandbox/events?person=${encodeURIComponent(person)}`);
  const mine = source;
  source.addEventListener("open", () => {
    wait = 250;
    tell("line", true);
  });
  source.addEventListener("error", () => {
    if (mine !== source) return;
    source.close();
    tell("line", false);
    timer = setTimeout(() => listen(person), wait);
    wait = Math.min(LONGEST_WAIT, wait * 2);
  });
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => tell(`server:${kind}`, JSON.parse(event.data || "{}")));
  }
}

/** Stops listening. */
export function stop() {
  clearTimeout(timer);
  source?.close();
  source = null;
}
