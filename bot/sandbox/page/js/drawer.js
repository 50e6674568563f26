// The sidebar as a drawer where the window is narrow.
import { byId, put } from "./dom.js";
import { icon } from "./icons.js";
import { on } from "./store.js";

const NARROW = matchMedia("(max-width: 760px)");

/** Makes the menu button open the sidebar, and everything else close it. */
export function startDrawer() {
  const button = byId("menu-button");
  put(button, icon("menu"));
  button.addEventListener("click", () => set(!isOpen()));
  byId("scrim").addEventListener("click", () => set(false));
  on("place", () => set(false));
  NARROW.addEventListener("change", () => set(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      set(false);
      button.focus();
    }
  });
}

function isOpen() {
  return document.body.classList.contains("drawer-open");
}

function set(open) {
  if (open === isOpen()) return;
  document.body.classList.toggle("drawer-open", open);
  byId("menu-button").setAttribute("aria-expanded", String(open));
  byId("scrim").hidden = !open;
  byId("main").inert = open;
  if (open) byId("act-as")?.focus();
}
