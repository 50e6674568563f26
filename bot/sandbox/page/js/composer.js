// The message box: text, commands, files.
import { post, upload } from "./api.js";
import { completion } from "./completion.js";
import { parse } from "./commands.js";
import { h, put } from "./dom.js";
import { fileSize } from "./files.js";
import { icon } from "./icons.js";
import { store, titleOf } from "./store.js";

const SLOW = 500; // ms after which we say that the app is at work
const drafts = new Map(); // unsent text by person and conversation

/** Builds the composer for `channel`. `note(text)` shows a private note in the conversation. Returns {node, fill, focus, attach}. */
export function composer(channel, note) {
  const draftKey = `${store.person} ${channel}`;
  let files = [];

  const box = h("textarea", {
    id: "composer-text",
    rows: "1",
    "aria-label": `Message ${titleOf(channel)}`,
    placeholder: `Message ${titleOf(channel)}, or / for commands`,
    value: drafts.get(draftKey) ?? "",
  });
  const chips = h("ul", { class: "attached", "aria-label": "Files to send" });
  const status = h("p", { class: "composer-status", role: "status" });
  const picker = h("input", {
    type: "file",
    multiple: true,
    hidden: true,
    "aria-label": "Files",
    onchange: () => {
      attach([...picker.files]);
      picker.value = "";
    },
  });
  const help = completion(box);
  const sendButton = h(
    "button",
    { type: "submit", class: "button primary icon-only", "aria-label": "Send" },
    icon("send"),
  );
  const node = h(
    "form",
    {
      class: "composer",
      "aria-label": "New message",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    help.list,
    h(
      "div",
      { class: "composer-box" },
      box,
      chips,
      h(
        "div",
        { class: "composer-tools" },
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Attach files",
            title: "Attach files",
            onclick: () => picker.click(),
          },
          icon("clip"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "icon-button slash",
            "aria-label": "/ Commands",
            title: "Commands",
            onclick: () => fill("/"),
          },
          "/",
        ),
        picker,
        status,
        sendButton,
      ),
    ),
  );

  async function send() {
    const text = box.value.trim();
    if (!text && !files.length) return;
    const sending = files;
    clear();
    let late = null;
    try {
      late = setTimeout(() => {
        status.textContent = sending.length
          ? "Uploading…"
          : parse(text)
            ? `${store.app.name} is at work…`
            : "Sending…";
      }, SLOW);
      const answer = await deliver(text, sending);
      if (!answer.ok) {
        note(answer.message ?? answer.error);
        if (!parse(text) && !box.value) fill(text);
      }
    } finally {
      clearTimeout(late);
      status.textContent = "";
    }
  }

  async function deliver(text, sending) {
    const { person } = store;
    const command = parse(text);
    if (sending.length) {
      const answer = await upload(person, channel, sending, command ? "" : text);
      if (!answer.ok || !command) return answer;
    }
    if (command) return post("command", { person, channel, command: command.command, text: command.rest });
    return post("message", { person, channel, text });
  }

  function clear() {
    files = [];
    box.value = "";
    changed();
    showFiles();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function changed() {
    if (box.value) drafts.set(draftKey, box.value);
    else drafts.delete(draftKey);
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  }

  function attach(more) {
    files = [...files, ...more];
    showFiles();
    box.focus();
  }

  function showFiles() {
    put(
      chips,
      files.map((file) =>
        h(
          "li",
          { class: "chip" },
          icon("file"),
          file.name,
          h("small", null, fileSize(file.size)),
          h(
            "button",
            {
              type: "button",
              "aria-label": `Remove ${file.name}`,
              onclick: () => {
                files = files.filter((each) => each !== file);
                showFiles();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
    chips.hidden = !files.length;
  }

  function fill(text) {
    box.value = text;
    box.focus();
    box.setSelectionRange(text.length, text.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  box.addEventListener("input", changed);
  box.addEventListener("keydown", (event) => {
    if (help.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  box.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach([...event.clipboardData.files]);
  });
  showFiles();
  requestAnimationFrame(changed);
  return { node, fill, attach, focus: () => box.focus() };
}
