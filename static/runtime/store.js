// @ts-nocheck
/** What all parts of the page share: what is shown, in which colours, and the way to Python. */
export function createStore(model, root, page) {
  let sets = 0;
  return {
    root,
    page,
    hidden: false,
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
    repaint() {},
    pending: [],
    send: (message) => model.send_msg(message),
    /** Say something about this very network; Python drops it when there is another one by then. */
    tell(message) { this.send({...message, generation: this.scene?.generation}); },
    /** Change settings. They count from now on, so that quick presses add up. */
    set(values) {
      const id = ++sets;
      this.pending.push({id, values});
      Object.assign(this.settings, values);
      this.send({type: "set", id, values});
    },
    /** Take over a scene: its settings, and on top of them what it was made too early to know. */
    adopt(scene) {
      this.scene = scene;
      this.pending = this.pending.filter(({id}) => id > scene.heard);
      this.settings = Object.assign({}, scene.settings, ...this.pending.map(({values}) => values));
    },
    /** Something was refused: go back to what is known to be true. */
    retreat() {
      this.pending = [];
      this.settings = {...this.scene?.settings};
    },
  };
}
