// Files as they stand in a message.
import { fileAddress } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

/** "12 kB" */
export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A file with its name, size and a link to download it; pictures show themselves. */
export function fileCard(file) {
  const address = fileAddress(file.id, store.person);
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype ?? "");
  return h(
    "div",
    { class: "file-card" },
    picture
      ? h("img", { src: address, alt: "", loading: "lazy" })
      : h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-words" }, h("strong", null, file.name), h("small", null, fileSize(file.size))),
    h(
      "a",
      { class: "button quiet", href: address, download: file.name, "aria-label": `Download ${file.name}` },
      icon("download"),
      "Download",
    ),
  );
}
