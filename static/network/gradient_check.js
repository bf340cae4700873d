/** @import {CheckedGroup, Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";
import {createPopover} from "../runtime/popover.js";
import {layerName} from "./names.js";

const OUTCOMES = {
  right: "Backpropagation and central differences of the loss agree on the next batch.",
  doubtful: "They nearly agree. Close to a kink, as ReLU has at 0, differences are not to be trusted.",
  wrong: "They disagree: the differences step over something steep, or backpropagation is mistaken.",
};
/** @type {("wrong" | "doubtful")[]} */
const WORST_FIRST = ["wrong", "doubtful"];

/**
 * "all 8", "48 of 4,096", "all 8, 2 at kinks".
 *
 * @param {CheckedGroup} group
 */
function checkedText({checked, size, kinks}) {
  const count = checked === size ? `all ${grouped(size)}` : `${checked} of ${grouped(size)}`;
  return kinks ? `${count}, ${kinks} at kinks` : count;
}

/** @param {CheckedGroup} group */
function worstText({verdict, worst}) {
  if (verdict === "unjudged") return "not judged";
  return worst === null ? "not finite" : worst.toExponential(1);
}

/**
 * What the check says as a whole.
 *
 * @param {CheckedGroup[]} groups
 */
function outcomeOf(groups) {
  return OUTCOMES[WORST_FIRST.find((word) => groups.some(({verdict}) => verdict === word)) ?? "right"];
}

/** @typedef {ReturnType<typeof createGradientCheck>} GradientCheck */

/**
 * A button that has Python check its gradients, and a table of what it found.
 *
 * @param {Store} store
 * @param {AbortSignal} signal
 */
export function createGradientCheck(store, signal) {
  const body = element("tbody");
  const verdict = element("p", {"aria-live": "polite"});
  const close = element("button", {
    type: "button", class: "plain", onclick: () => popover.close({refocus: true}),
  }, "Close");
  const heads = ["Group", "Checked", "Worst error"].map((name) => element("th", {scope: "col"}, name));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body);
  const box = element("div", {class: "popover check-card", role: "dialog", "aria-label": "Gradient check"},
    element("b", {}, "Gradient check"), verdict, element("div", {class: "table"}, table), close);
  const popover = createPopover(store.host.root, box, signal);
  const button = element("button", {
    type: "button", class: "plain small", "aria-haspopup": "dialog", "aria-expanded": "false",
    title: "Compare backpropagation with differences of the loss, on the next batch.",
    onclick: () => store.tell({type: "check"}),
  }, "Check gradients");

  return {
    button,
    /** @param {CheckedGroup[]} groups */
    checked(groups) {
      verdict.textContent = outcomeOf(groups);
      body.replaceChildren(...groups.map((group) => element("tr", {class: group.verdict},
        element("th", {scope: "row"}, `${layerName(store.shown.scene, group.layer)} ${group.group}`),
        element("td", {}, checkedText(group)),
        element("td", {title: group.verdict}, worstText(group)))));
      const {left, bottom} = button.getBoundingClientRect();
      popover.open({clientX: left - 14, clientY: bottom - 8}, {opener: button, first: close});
    },
    renew: () => popover.close(),
  };
}
