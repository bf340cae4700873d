import {unpack} from "../../../static/runtime/container.js";
import {element, setAttribute, setText} from "../../../static/runtime/dom.js";
import {createShell} from "../../../static/runtime/shell.js";
import {createTransport} from "../../../static/runtime/transport.js";

export function render({model}) {
  const shell = createShell(model, "counter");
  const {root, store} = shell;
  const canvas = element("canvas", {width: 100, height: 20, role: "img", "aria-label": "The count, modulo 100"});
  const steps = element("span", {class: "number"}, "0");
  const counter = {element: steps, read: ({scalars}) => setText(steps, String(scalars.step))};
  const words = {resets: "Go back to 0", plays: "Start or stop", steps: "One step"};
  const parts = {...shell.parts, transport: createTransport(store, counter, words)};

  root.append(
    element("header", {class: "head"}, element("h1", {}, "Counter"), parts.nav.element, parts.theme.element),
    element("div", {class: "bar"}, parts.transport.element, ...shell.children("bar")),
    canvas, parts.banner.element);
  shell.run({
    parts,
    frames: {
      decode(data) {
        const {sections: {1: [step, status, speed]}, ...frame} = unpack(data, {1: 1});
        return {...frame, scalars: {step, status: status === 1 ? "playing" : "paused", speed}};
      },
      paint({scalars}) {
        const context = canvas.getContext("2d");
        context.clearRect(0, 0, 100, 20);
        context.fillStyle = "rgb(8, 119, 189)";
        context.fillRect(0, 0, scalars.step % 100, 20);
        setAttribute(root, "data-status", scalars.status);
        setAttribute(root, "data-step", scalars.step);
      },
    },
  });
  return root;
}
