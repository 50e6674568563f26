// The page's own line icons, drawn on a 24 × 24 grid.
import { svg } from "./dom.js";

const PATHS = {
  activity: "M3 12h4l3-8 4 16 3-8h4",
  archive: "M3 5h18v4H3zM5 9v10h14V9M10 13h4",
  bell: "M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15zM10 21h4",
  book: "M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM5 17a3 3 0 0 1 3-3h11",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M8 10l4 4 4-4",
  clip: "M20 11l-8.2 8.2a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  clock: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6L6 18",
  dots: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  download: "M12 4v11M7.5 11L12 15.5 16.5 11M5 20h14",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  flag: "M6 21V4h11l-2.5 4L17 12H6",
  hash: "M9.5 4L7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  home: "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
  image: "M4 5h16v14H4zM4 16l4.5-4.5L13 16l2.5-2.5L20 18M15.5 9.5h.01",
  info: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5.5M12 7.7v.1",
  list: "M10 6h10M10 12h10M10 18h10M4 6l1.2 1.2L7.5 5M4 12l1.2 1.2L7.5 11M4 18l1.2 1.2L7.5 17",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  plus: "M12 5v14M5 12h14",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  reset: "M4.5 12a7.5 7.5 0 1 0 2.5-5.6L4.5 8.8M4.5 4v4.8h4.8",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20",
  send: "M4 12L20 4.5 15.5 20l-3.5-6zM12 14l8-9.5",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7L12 17l-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  tag: "M4 12.5V5h7.5l8.5 8.5-7.5 7.5zM8 9h.01",
  "thumbs-down": "M8 14V4h9l2.5 7v3H14l.8 5L13 20.5 8 14zM8 4H4v10h4",
  "thumbs-up": "M8 10v10h9l2.5-7v-3H14l.8-5L13 3.5 8 10zM8 20H4V10h4",
  trash: "M4 7h16M9.5 7V4h5v3M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  warning: "M12 4l9.5 16.5h-19zM12 10v4.5M12 17.5v.1",
};

const ALSO_CALLED = {
  bookmark: "flag",
  bot: "user",
  call: "bell",
  clipboard: "list",
  comment: "edit",
  email: "send",
  folder: "archive",
  "eye-open": "eye",
  "eye-closed": "eye",
  globe: "info",
  heart: "star",
  help: "info",
  key: "lock",
  lightbulb: "sun",
  map: "pin",
  refresh: "reset",
  rocket: "send",
  sparkle: "star",
  "star-filled": "star",
  success: "check",
  error: "warning",
};

/** Returns a decorative icon; unknown names get the tag of the house. */
export function icon(name) {
  const path = PATHS[name] ?? PATHS[ALSO_CALLED[name]] ?? PATHS.tag;
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: path }),
  );
}
