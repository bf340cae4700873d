/** What all parts of the page share: what is shown, in which colours, and the way to Python. */
export function createStore(model, root) {
  return {
    root,
    catalog: model.catalog,
    fullPage: model.full_page,
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    theme: "light",
    scene: null,
    settings: {},
    frame: null,
    colors: null,
    geometry: null,
    refresh() {},
    send: (message) => model.send_msg(message),
    /** Change settings. They count from now on, so that quick presses add up; the next scene is the truth. */
    set(values) {
      Object.assign(this.settings, values);
      this.send({type: "set", values});
    },
  };
}
