/** @import {Entry} from "../runtime/types.js" */
/** @import {Settings, Store} from "./types.js" */
import {element} from "../runtime/dom.js";

/** @typedef {[value: string | number, text: string, title?: string]} Option */

/**
 * A labelled select that sets one setting.
 *
 * @template {string & keyof Settings} Name
 * @param {Pick<Store, "settings">} store
 * @param {Entry & {name: Name}} setting What Python says of it.
 * @param {Option[]} options
 * @param {(text: string) => unknown} [read] What an option's text means.
 */
export function createChoice({settings}, {name, label}, options, read = String) {
  const select = element("select", {
    "aria-label": label, onchange: () => settings.set({[name]: read(select.value)}),
  });

  /** @param {Option[]} list */
  function fill(list) {
    const texts = list.map(([, text]) => text).join("|");
    if (select.dataset.texts === texts) return;
    select.dataset.texts = texts;
    select.replaceChildren(...list.map(([value, text, title]) => element("option", {value, title}, text)));
  }

  fill(options);
  return {
    select, fill,
    element: element("label", {class: "view"}, element("span", {class: "caption"}, label), select),
    /** @param {Settings[Name]} value */
    update(value = settings.now[name]) { select.value = String(value); },
  };
}

/**
 * Entries of a registry as options.
 *
 * @param {Entry[]} entries
 * @returns {Option[]}
 */
export const optionsOf = (entries) => entries.map(({name, label, doc}) => [name, label, doc]);
