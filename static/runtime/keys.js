/** @import {Actions} from "./types.js" */

const CLAIM = "playground-claim";
const TYPING = "input, select, textarea, [contenteditable], dialog";
const ROLES = new Set([
  "slider", "listbox", "option", "menu", "menuitem", "radio", "combobox", "spinbutton", "tab", "textbox",
]);
const CLICKED = "input[type=checkbox], [role=radio]"; // after a click the keys are the page's again
const PRESSABLE = "button, a, summary, [role=button], [role=checkbox], [role=switch]";

/**
 * Keys of the whole page: space plays, arrows step on and back, R resets, Escape lets go.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @param {AbortSignal} signal
 * @returns How to claim the keys for this page.
 */
export function listenToKeys(root, actions, signal) {
  let active = true;
  let pointed = false;

  // Several stages in one notebook share the document: the one last pointed at or focused takes the keys.
  const claim = () => document.dispatchEvent(new CustomEvent(CLAIM, {detail: root}));
  document.addEventListener(CLAIM, (event) => {
    active = /** @type {CustomEvent} */ (event).detail === root;
  }, {signal});
  root.addEventListener("pointerenter", claim);
  root.addEventListener("focusin", claim);
  claim();

  // After a click on a button the space bar still plays; after tabbing to one it presses that button.
  document.addEventListener("pointerdown", () => { pointed = true; }, {signal, capture: true});
  document.addEventListener("keydown", ({key}) => { pointed &&= key !== "Tab"; }, {signal, capture: true});

  /** @type {{[key: string]: ((event: KeyboardEvent) => unknown) | undefined}} */
  const commands = {
    " ": (event) => event.repeat || actions.toggle(),
    ArrowRight: actions.step,
    ArrowLeft: actions.back,
    r: (event) => event.repeat || actions.reset(),
    Escape: actions.release,
  };

  document.addEventListener("keydown", (event) => {
    if (!active || !root.isConnected || event.defaultPrevented || isTaken(event, pointed)) return;
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!command) return;
    if (event.key !== "Escape") event.preventDefault();
    command(event);
  }, {signal});
  return claim;
}

/**
 * Whether the focused control needs the key for itself.
 *
 * @param {KeyboardEvent} event
 * @param {boolean} pointed Whether the last thing done was to point at something.
 */
function isTaken(event, pointed) {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const path = event.composedPath().filter((node) => node instanceof Element);
  if (pointed && path[0]?.matches(CLICKED)) return false;
  if (path.some((node) => node.matches(TYPING) || ROLES.has(node.getAttribute("role") ?? ""))) return true;
  return event.key === " " && !pointed && path.some((node) => node.matches(PRESSABLE));
}
