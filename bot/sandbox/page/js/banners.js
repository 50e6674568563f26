// What the whole page should know: the bot is away, the sandbox is out of reach.
import { byId, h, put } from "./dom.js";
import { icon } from "./icons.js";
import { on, store } from "./store.js";

const PATIENCE = 1200; // ms before a broken line is mentioned

let lineDown = false;
let timer = null;

/** Keeps the banners true. */
export function startBanners() {
  on("loaded", draw);
  on("bot", draw);
  on("line", (up) => {
    clearTimeout(timer);
    if (up) {
      lineDown = false;
      draw();
    } else {
      timer = setTimeout(() => {
        lineDown = true;
        draw();
      }, PATIENCE);
    }
  });
}

function draw() {
  const { connected, waiting } = store.bot;
  const many =
    waiting > 0
      ? ` ${waiting} ${waiting === 1 ? "message waits" : "messages wait"} for it`
      : " Messages wait for it";
  put(
    byId("banners"),
    lineDown && banner("The sandbox is out of reach. Looking for it…"),
    !lineDown &&
      !connected &&
      banner(`${store.app?.name ?? "The bot"} is away.${many} and will be delivered when it is back.`),
  );
}

function banner(sentence) {
  return h("p", { class: "banner" }, icon("warning"), sentence);
}
