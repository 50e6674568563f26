// The app's modals: one dialog that shows the top of the acting person's stack.
import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { announce, h, keepFocus, put } from "./dom.js";
import { Form } from "./form.js";
import { icon } from "./icons.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { store, tell } from "./store.js";

const forms = new Map(); // by view id
let dialog = null;
let shown = null; // the view on display

/** Shows the stack (bottom first); an empty one closes the dialog. */
export function showStack(stack) {
  const view = stack.at(-1);
  for (const id of forms.keys()) {
    if (!stack.some((each) => each.id === id)) forms.delete(id);
  }
  if (!view) return closeDialog();
  const another = shown?.id !== view.id;
  if (!another && shown.hash && shown.hash === view.hash) return undefined;
  const fresh = another && !forms.has(view.id);
  shown = view;
  if (!dialog) openDialog();
  keepFocus(dialog, () => draw(view, stack.length));
  if (another) {
    dialog.querySelector(".dialog-body").scrollTop = 0;
    if (fresh) focusFirst(view);
    announce(`${textWords(view.title)}, dialog`);
  }
  return undefined;
}

/** Forgets everything, as when another person is acted as. */
export function forgetModals() {
  forms.clear();
  closeDialog();
}

function openDialog() {
  dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function closeDialog() {
  dialog?.close();
  dialog?.remove();
  dialog = null;
  shown = null;
}

function draw(view, depth) {
  if (!forms.has(view.id)) forms.set(view.id, new Form());
  const form = forms.get(view.id);
  form.redraw();
  const ctx = {
    surface: "modal",
    container: { type: "view", view_id: view.id },
    key: view.id,
    form,
    level: 3,
    changed: (block) => {
      form.clear(block);
      sayProblem("");
    },
  };
  const hasInputs = view.blocks.some(({ type }) => type === "input");
  const submit = view.submit ? textWords(view.submit) : hasInputs ? "Submit" : null;
  put(
    dialog,
    h(
      "form",
      {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          send(view, form);
        },
      },
      h(
        "header",
        { class: "dialog-head" },
        depth > 1 &&
          h(
            "button",
            { type: "button", class: "icon-button back", "aria-label": "Back", onclick: () => close(false) },
            icon("chevron"),
          ),
        h("h2", { id: "modal-title" }, textNodes(view.title)),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => close(depth > 1) },
          icon("close"),
        ),
      ),
      h("div", { class: "dialog-body", tabindex: "-1" }, drawBlocks(view.blocks, ctx)),
      h("p", { class: "dialog-problem", role: "alert" }),
      h(
        "footer",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => close(false) },
          view.close ? textNodes(view.close) : "Cancel",
        ),
        submit && h("button", { type: "submit", class: "button primary" }, submit),
      ),
    ),
  );
}

function focusFirst(view) {
  const wanted = view.blocks.find(({ element }) => element?.focus_on_load);
  const fields = [...dialog.querySelectorAll(".dialog-body :is(input, textarea, button):not([disabled])")];
  const field = wanted
    ? fields.find(({ id }) => id.includes(`-${wanted.block_id}-`))
    : fields.find((each) => each.closest(".input-block"));
  (field ?? dialog.querySelector("[type=submit]") ?? dialog.querySelector(".dialog-foot button")).focus();
}

async function send(view, form) {
  const mistakes = form.mistakes();
  if (Object.keys(mistakes).length) return showErrors(form, mistakes);
  form.show({});
  sayProblem("");
  busy(true);
  const answer = await post("view/submit", { person: store.person, view_id: view.id, state: form.state() });
  busy(false);
  if (answer.ok) return undefined; // the stack arrives as an event
  if (answer.errors) return showErrors(form, answer.errors);
  return sayProblem(answer.message ?? answer.error ?? "That did not work. Please try again.");
}

function showErrors(form, errors) {
  const homeless = form.show(errors);
  sayProblem(homeless.map((id) => errors[id]).join(" "));
}

function sayProblem(sentence) {
  const place = dialog?.querySelector(".dialog-problem");
  if (place && place.textContent !== sentence) place.textContent = sentence;
}

function busy(on) {
  const button = dialog?.querySelector("[type=submit]");
  if (!button) return;
  button.disabled = on;
  button.setAttribute("aria-busy", String(on));
}

async function close(all) {
  if (!shown) return;
  const answer = await post("view/close", { person: store.person, view_id: shown.id, all });
  if (!answer.ok) {
    closeDialog();
    tell("resync");
  }
}
