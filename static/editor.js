import {element, setText} from "./dom.js";
import {exactValue} from "./focus.js";
import {ownerName} from "./names.js";
import {createPopover} from "./popover.js";

/** The small form that changes one weight or bias. */
export function createEditor(store, focus, signal) {
  const caption = element("span", {class: "caption"});
  const owner = element("span", {class: "owner"});
  const input = element("input", {type: "number", step: "any", required: true});
  const form = element("form", {class: "popover editor", novalidate: true},
    element("label", {}, caption, input), owner,
    element("small", {}, "Enter applies, Esc cancels."));
  const popover = createPopover(store.root, form, signal, focus.release);
  let target = null;
  let untouched = true;

  /** The exact number may arrive only now; it must not replace what the person has typed. */
  function fill() {
    const value = exactValue(store.frame, target);
    if (value === null || !untouched || input.value === format(value)) return;
    input.value = format(value);
    input.select();
  }

  input.addEventListener("input", () => { untouched = false; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!Number.isFinite(input.valueAsNumber)) return;
    store.send({...target, type: "edit", kind: caption.textContent.toLowerCase(), value: input.valueAsNumber});
    popover.close();
  });

  return {
    get isOpen() { return popover.isOpen; },
    open(next, event) {
      target = next;
      untouched = true;
      input.value = "";
      setText(caption, target.kind === "bias" ? "Bias" : "Weight");
      setText(owner, ownerName(store.scene, store.catalog, target));
      popover.open(event);
      focus.hold(target);
      fill();
    },
    renew() { popover.close(); },
    paint() { if (popover.isOpen) fill(); },
  };
}

const format = (value) => String(Number(value.toPrecision(6)));
