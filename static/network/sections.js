/** @import {Outline, Store} from "./types.js" */
import {element} from "../runtime/dom.js";

/**
 * Choices that people make less often, under headings that open.
 *
 * @param {Pick<Store, "settings">} store
 * @param {Outline[]} outline
 * @param {HTMLElement[]} children One for each heading.
 */
export function createSections({settings}, outline, children) {
  /** @type {{[setting: string]: string}} */
  const chosen = {};
  const boxes = outline.map(({title}, k) =>
    element("details", {class: "section"}, element("summary", {}, title),
      element("div", {class: "slot choices"}, children[k])));

  /**
   * A choice whose numbers are in a closed box opens it, or nobody would find them.
   *
   * @param {Outline} part
   * @param {HTMLDetailsElement} box
   */
  function follow({choices}, box) {
    for (const [name, entries] of Object.entries(choices)) {
      const value = String(settings.now[name]);
      if (value !== chosen[name] && entries.includes(value)) box.open = true;
      chosen[name] = value;
    }
  }

  return {
    element: element("div", {class: "sections"}, ...boxes),
    update: () => outline.forEach((part, k) => follow(part, boxes[k])),
  };
}
