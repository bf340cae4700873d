// @ts-nocheck
import {element, setText} from "./dom.js";

const LEVELS = {error: "alert", info: "status"};

/** Messages above the network. Each source has at most one; an empty text takes it away. */
export function createBanner(store) {
  const box = element("div", {class: "banners"});
  const shown = new Map();

  function dismiss(source) {
    shown.get(source)?.element.remove();
    shown.delete(source);
  }

  /** A message closed by hand stays closed until its text changes. */
  function show(source, text, level = "info") {
    const current = shown.get(source);
    if (current?.text === text) return;
    dismiss(source);
    if (!text) return;
    const words = element("span");
    const close = element("button", {
      type: "button", class: "step", "aria-label": "Close this message", title: "Close this message.",
      onclick: () => notice.remove(),
    }, "\u00d7");
    const notice = element("div", {class: `banner ${level}`, role: LEVELS[level]}, words, close);
    shown.set(source, {element: notice, text});
    box.append(notice);
    setText(words, text);
  }

  return {
    element: box,
    show,
    /** What one should know of choices that do not do what one may expect. */
    update() {
      show("remark", store.scene.remark);
    },
    /** A training that ended, by itself or because it diverged, explains itself in every frame. */
    paint({scalars, text}) {
      const diverged = scalars.status === "diverged";
      show("training", text || (diverged ? "Training diverged." : ""), diverged ? "error" : "info");
    },
  };
}
