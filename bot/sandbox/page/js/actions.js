// Sends what a person does to a button or menu to the app, as Slack's block_actions.
import { post } from "./api.js";
import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { valueField } from "./form.js";
import { store } from "./store.js";

/**
 * Tells the app that `element` was used. Asks first if the element wants that.
 * `ctx` is where it stands: {container, form}. `extra` is the action's own part, as {value} or {selected_option}.
 * Returns whether the app was told.
 */
export async function act(ctx, block, element, extra, node) {
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  const action = { block_id: block.block_id, action_id: element.action_id, type: element.type, ...extra };
  node?.setAttribute("aria-busy", "true");
  const answer = await post("action", {
    person: store.person,
    container: ctx.container,
    action,
    state: ctx.form.state(),
  });
  node?.removeAttribute("aria-busy");
  complain(node, answer.ok ? null : (answer.message ?? answer.error));
  return answer.ok;
}

/** Remembers an input's value and, where Slack would, tells the app at once. */
export function entered(ctx, block, element, value, node) {
  ctx.form.set(block, element, value);
  ctx.changed?.(block);
  const tellsAtOnce = block.type !== "input" || block.dispatch_action;
  if (tellsAtOnce) act(ctx, block, element, { [valueField(element.type)]: value }, node);
}

function complain(node, sentence) {
  const holder = node?.closest(".block");
  if (!holder) return;
  holder.querySelector(":scope > .action-error")?.remove();
  if (sentence) holder.append(h("p", { class: "action-error", role: "alert" }, sentence));
}
