// Checkboxes and radio buttons.
import { entered } from "./actions.js";
import { h, newId } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

/** A group of checkboxes; its value is the list of options ticked. */
export function checkboxes(element, block, ctx, naming) {
  const chosen = new Set((ctx.form.register(block, element) ?? []).map((option) => option.value));
  return group(element, block, ctx, naming, "checkbox", chosen, (option, on) => {
    if (on) chosen.add(option.value);
    else chosen.delete(option.value);
    return element.options.filter((each) => chosen.has(each.value));
  });
}

/** A group of radio buttons; its value is one option. */
export function radioButtons(element, block, ctx, naming) {
  const initial = ctx.form.register(block, element);
  return group(
    element,
    block,
    ctx,
    naming,
    "radio",
    new Set(initial ? [initial.value] : []),
    (option) => option,
  );
}

function group(element, block, ctx, naming, type, chosen, valueAfter) {
  const name = newId("group");
  const rows = element.options.map((option, index) => {
    const id = index ? newId("choice") : (naming.id ?? newId("choice"));
    const input = h("input", {
      type,
      id,
      name,
      checked: chosen.has(option.value),
      onchange: () => entered(ctx, block, element, valueAfter(option, input.checked), node),
    });
    return h(
      "div",
      { class: "choice" },
      input,
      h(
        "label",
        { for: id },
        textNodes(option.text),
        option.description && h("small", null, textNodes(option.description)),
      ),
    );
  });
  const node = h(
    "div",
    {
      class: "choices",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-label": naming.label,
      "aria-labelledby": naming.labelledby,
      "aria-describedby": naming.describedby,
      "aria-required": naming.required && type === "radio" ? "true" : null,
    },
    rows,
  );
  const inputs = () => [...node.querySelectorAll("input")];
  ctx.form.attach(block, element, {
    focus: () => (inputs().find((each) => each.checked) ?? inputs()[0])?.focus(),
    error: (sentence) => naming.error?.(sentence, node),
  });
  return node;
}
