/** @import {FrameBase, Level, Store} from "./types.js" */
import {element, setText} from "./dom.js";

const ROLES = {error: "alert", info: "status"};

/**
 * Messages above the picture. Each source has at most one; an empty text takes it away.
 *
 * @param {Store} store
 */
export function createBanner(store) {
  const box = element("div", {class: "banners"});
  /** @type {Map<string, {element: HTMLElement, text: string}>} */
  const notices = new Map();

  /** @param {string} source */
  function dismiss(source) {
    notices.get(source)?.element.remove();
    notices.delete(source);
  }

  /**
   * A message closed by hand stays closed until its text changes.
   *
   * @param {string} source
   * @param {string} text
   * @param {Level} [level]
   */
  function show(source, text, level = "info") {
    if (notices.get(source)?.text === text) return;
    dismiss(source);
    if (!text) return;
    const words = element("span");
    const close = element("button", {
      type: "button", class: "step", "aria-label": "Close this message", title: "Close this message.",
      onclick: () => notice.remove(),
    }, "\u00d7");
    const notice = element("div", {class: `banner ${level}`, role: ROLES[level]}, words, close);
    notices.set(source, {element: notice, text});
    box.append(notice);
    setText(words, text);
  }

  return {
    element: box,
    show,
    /** What one should know of choices that do not do what one may expect. */
    update() {
      show("remark", store.shown.scene.remark);
    },
    /**
     * A training that ended, by itself or because it diverged, explains itself in every frame.
     *
     * @param {FrameBase} frame
     */
    paint({scalars, text}) {
      const diverged = scalars.status === "diverged";
      show("training", text || (diverged ? "Training diverged." : ""), diverged ? "error" : "info");
    },
  };
}
