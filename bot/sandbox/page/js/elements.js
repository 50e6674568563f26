// Every interactive element, by type.
import { button, feedbackButtons, iconButton, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { h } from "./dom.js";
import { fileField } from "./filefield.js";
import { picture } from "./pictures.js";
import { textWords } from "./mrkdwn.js";
import { select } from "./selects.js";
import { dateField, textField } from "./textfields.js";

const BY_TYPE = {
  button,
  workflow_button: button,
  overflow,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  checkboxes,
  radio_buttons: radioButtons,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  rich_text_input: textField,
  datepicker: dateField,
  timepicker: dateField,
  datetimepicker: dateField,
  file_input: fileField,
  image: picture,
};

const SPOKEN = {
  datepicker: "Date",
  timepicker: "Time",
  datetimepicker: "Date and time",
  file_input: "Files",
};

/**
 * Draws one element. `naming` says how it is called when a label stands beside it;
 * without, its placeholder or kind has to do.
 */
export function drawElement(element, block, ctx, naming) {
  const draw = BY_TYPE[element.type] ?? (element.type?.endsWith("_select") ? select : null);
  if (!draw) return h("span", { class: "unknown" }, `[${element.type}]`);
  return draw(element, block, ctx, naming ?? standalone(element, block, ctx));
}

/** Id of an element's input: the same after every redraw, so that the focus can find it again. */
export function inputId(ctx, block, element) {
  return `in-${ctx.key}-${block.block_id}-${element.action_id}`.replace(/[^\w-]/g, "_");
}

function standalone(element, block, ctx) {
  const label = textWords(element.placeholder) || SPOKEN[element.type] || "Choice";
  return { id: inputId(ctx, block, element), label };
}
