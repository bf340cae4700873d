import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {factsText, formulaText} from "../../../static/race/formula.js";
import {short, summary} from "../../../static/race/racer_words.js";
import {arrival} from "../../../static/race/racer_row.js";

const CATALOG = {
  colors: ["#111111", "#222222", "#333333"],
  optimizers: [
    {name: "sgd", label: "Gradient descent", hyperparameters: [], told: []},
    {name: "adam", label: "Adam", told: ["beta1", "beta2"], hyperparameters: [
      {name: "epsilon", label: "Epsilon", default: 1e-8}, {name: "beta1", label: "Beta 1", default: 0.9},
      {name: "beta2", label: "Beta 2", default: 0.999}, {name: "more", label: "More", default: 1},
    ]},
  ],
  racer: {schedule: "constant", momentum_schedule: "constant"},
  schedules: [{name: "constant", label: "Constant"}, {name: "step", label: "Step decay"}],
};
const RACER = {
  optimizer: "adam", learning_rate: null, hyperparameters: {}, schedule: "constant", momentum_schedule: "constant",
};
const about = (changes, known) => summary(CATALOG, {...RACER, ...changes}, known);

describe("words about a racer", () => {
  it("name its rule", () => {
    assert.equal(short(CATALOG, RACER), "Adam");
    assert.equal(short(CATALOG, {optimizer: "unheard-of"}), "unheard-of");
  });

  it("say its learning rate and two of its hyperparameters", () => {
    assert.equal(about({learning_rate: 0.001234}), "lr 0.00123 \u00b7 beta 1 0.9 \u00b7 beta 2 0.999");
    const chosen = about({learning_rate: 1, hyperparameters: {beta1: 0.5}});
    assert.equal(chosen, "lr 1 \u00b7 beta 1 0.5 \u00b7 beta 2 0.999");
  });

  it("say the usual learning rate once it is known", () => {
    assert.equal(about({optimizer: "sgd"}, {rate: 0.03}), "lr 0.03");
    assert.equal(about({optimizer: "sgd"}), "");
  });

  it("say which schedules it has", () => {
    assert.equal(about({optimizer: "sgd", schedule: "step", learning_rate: 0.1}), "lr 0.1 \u00b7 step decay");
    assert.equal(about({optimizer: "sgd", momentum_schedule: "ramp", learning_rate: 0.1}), "lr 0.1 \u00b7 annealed");
  });

  it("say when it arrived", () => {
    assert.equal(arrival({reached: -1}, false), "");
    assert.equal(arrival({reached: 1}, false), "1 step");
    assert.equal(arrival({reached: 1200}, false), "1,200 steps");
    assert.equal(arrival({reached: 0}, true), "\u2605 0 steps");
  });
});

describe("words about a surface", () => {
  it("are its formula, or what it is where there is none", () => {
    const surface = {text: "x^2", written: true, label: "Bowl", doc: "Round."};
    assert.equal(formulaText(surface), "f(x, y) = x^2");
    assert.equal(formulaText({...surface, written: false}), "Bowl. Round.");
  });

  it("name up to four minima, how low they are, and the start", () => {
    const one = factsText({minima: [[3, 0.5]], lowest: 0}, [-1, 2]);
    assert.equal(one, "minimum 0 at (3, 0.5) \u2605 \u00b7 start (\u22121, 2): click the map, or drag the ring");
    const five = factsText({minima: [1, 2, 3, 4, 5].map((x) => [x, 0]), lowest: -1.5}, [0, 0]);
    assert.match(five, /^minimum \u22121\.5 at \(1, 0\), \(2, 0\), \(3, 0\), \(4, 0\) \u2605/);
    assert.match(factsText({minima: [], lowest: null}, [0, 0]), /^no single lowest point \u00b7 start/);
  });
});
