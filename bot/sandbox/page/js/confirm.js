// Small questions in a dialog of their own.
import { h } from "./dom.js";
import { textNodes, textWords } from "./mrkdwn.js";

/** Asks Slack's confirmation {title, text, confirm, deny, style}; resolves to true or false. */
export function confirmed(question) {
  return new Promise((resolve) => {
    const dialog = openDialog({
      title: textWords(question.title) || "Are you sure?",
      body: h("div", { class: "rich" }, textNodes(question.text)),
      submit: textWords(question.confirm) || "Yes",
      cancel: textWords(question.deny) || "Cancel",
      danger: question.style === "danger",
      onSubmit: () => resolve(true),
    });
    dialog.addEventListener("close", () => resolve(false));
  });
}

/**
 * Opens a small dialog: title, body, two buttons. `onSubmit` may return false to keep it open.
 * It takes itself off the page when closed, and the browser gives the focus back.
 */
export function openDialog({ title, body, submit, cancel = "Cancel", danger = false, onSubmit }) {
  const send = async (event) => {
    event.preventDefault();
    if ((await onSubmit(dialog)) !== false) dialog.close();
  };
  const dialog = h(
    "dialog",
    { class: "dialog small", "aria-labelledby": "small-dialog-title" },
    h(
      "form",
      { onsubmit: send, novalidate: true },
      h("header", { class: "dialog-head" }, h("h2", { id: "small-dialog-title" }, title)),
      h("div", { class: "dialog-body" }, body),
      h(
        "footer",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: () => dialog.close() }, cancel),
        h("button", { type: "submit", class: danger ? "button danger" : "button primary" }, submit),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
