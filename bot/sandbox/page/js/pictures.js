// Images. Only this sandbox's own are loaded: the page asks no outside host for anything.
import { fileAddress } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

/** An image element, or a frame with its alternative text where the image lies elsewhere. */
export function picture(image) {
  const alt = image.alt_text?.trim() ?? "";
  const address = image.slack_file?.id
    ? fileAddress(image.slack_file.id, store.person)
    : localAddress(image.image_url);
  if (address) return h("img", { class: "picture", src: address, alt, loading: "lazy" });
  return h(
    "span",
    { class: "picture missing", role: "img", "aria-label": alt || "Image" },
    icon("image"),
    h("span", null, alt || "Image"),
  );
}

function localAddress(address) {
  if (!address) return null;
  if (address.startsWith("data:image/")) return address;
  const { origin, pathname, search } = new URL(address, location.href);
  return origin === location.origin ? pathname + search : null;
}
