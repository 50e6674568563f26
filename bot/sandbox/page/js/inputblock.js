// An input with its label, hint, optional mark and error.
import { h, put } from "./dom.js";
import { drawElement, inputId } from "./elements.js";
import { icon } from "./icons.js";
import { textNodes } from "./mrkdwn.js";

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

/** Draws an input block; the error it is given later is announced and tied to the input. */
export function inputBlock(block, ctx) {
  const { element } = block;
  const id = inputId(ctx, block, element);
  const [labelId, hintId, errorId] = [`${id}-label`, `${id}-hint`, `${id}-error`];
  const labelWords = [
    textNodes(block.label),
    block.optional && h("span", { class: "optional" }, " (optional)"),
  ];
  const label = GROUPS.has(element.type)
    ? h("span", { class: "label", id: labelId }, labelWords)
    : h("label", { class: "label", id: labelId, for: id }, labelWords);
  const hint = block.hint && h("p", { class: "hint", id: hintId }, textNodes(block.hint));
  const error = h("p", { class: "field-error", id: errorId, role: "alert" });

  const showError = (sentence, input) => {
    put(error, sentence && [icon("warning"), sentence]);
    if (GROUPS.has(element.type)) input.classList.toggle("invalid", Boolean(sentence));
    else if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const naming = {
    id,
    labelledby: labelId,
    describedby: [hint && hintId, errorId].filter(Boolean).join(" "),
    required: !block.optional,
    error: showError,
  };
  return h("div", { class: "input-block" }, label, drawElement(element, block, ctx, naming), hint, error);
}
