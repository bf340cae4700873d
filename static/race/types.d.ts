/** Types that the modules of the race share. Nothing of this reaches a browser. */

import type {Entry, FrameBase, Hyperparameter, SceneBase, Status, Store} from "../runtime/types.js";
import type {Command, Scalars, Swept} from "./wire.js";

/** x and y, or how far along both. */
export type Pair = [x: number, y: number];

/** Limits along x and along y. */
export type Box = [x: Pair, y: Pair];

/** A place on the map in px. */
export type Point = {x: number; y: number};

/** Where the pointer is on the map, in px. */
export type Offset = {offsetX: number; offsetY: number};

/** What a byte of the map stands for: low + unit (exp(t span) - 1) with t = (byte - 1) / 254; low + t span for a unit of 0. */
export type Scale = {low: number; unit: number; span: number};

export type Surface = {
  label: string;
  /** Its formula. */
  text: string;
  /** Whether it can be written down. */
  written: boolean;
  doc: string;
  source: string;
  box: Box;
  /** All global minima, as far as they are known. */
  minima: Pair[];
  /** The height there. */
  lowest: number | null;
  /** What the chart shows. */
  curve: string;
  /** The same words as long as the outcome of a sweep holds. */
  question: string;
  scale: Scale;
  /** Bytes along each edge of the map. */
  size: number;
};

/** A racer as the map and the chart show it. */
export type SceneRacer = {label: string; color: string; shown: boolean; rate: number; usual: boolean};

interface AnyRace extends SceneBase {
  racers: SceneRacer[];
  /** Whether the surface is one of one's own. */
  own: boolean;
  /** The curves that make sense. */
  curves: string[];
  /** Whether the surface was handed over in Python, and so has no formula that can be typed. */
  given: boolean;
  settings: RaceSettings;
  /** Heights of the surface that was shown last, the top row first; 0 where they are not finite. */
  map: Uint8Array;
}

export interface SurfaceScene extends AnyRace {
  mode: "surface";
  surface: Surface;
}

export interface NetworkScene extends AnyRace {
  mode: "network";
  surface: null;
}

export type RaceScene = SurfaceScene | NetworkScene;

export type Params = {[name: string]: number};

export type RacerSettings = {
  optimizer: string;
  /** null for the one that is usual for the surface. */
  learning_rate: number | null;
  hyperparameters: Params;
  schedule: string;
  schedule_params: Params;
  momentum_schedule: string;
  momentum_schedule_params: Params;
  /** null for one that is free: Python finds it. */
  color: number | null;
  shown: boolean;
};

export type RaceSettings = {
  surface: string;
  formula: string;
  start: Pair;
  racers: RacerSettings[];
  /** Steps a second. */
  speed: number;
  tolerance: number;
  curve: string;
  /** The racer whose update is written out; -1 for none. */
  selected: number;
  gradient_vectors: boolean;
  velocity_vectors: boolean;
  lookahead: boolean;
  rate_ellipses: boolean;
  local_model: boolean;
  dark: boolean;
};

export type RuleEntry = Entry & {
  hyperparameters: Hyperparameter[];
  /** The hyperparameter that can be annealed; "" for none. */
  momentum: string;
};

export type Overlay = "gradient_vectors" | "velocity_vectors" | "lookahead" | "rate_ellipses" | "local_model";

export type RaceCatalog = {
  optimizers: RuleEntry[];
  schedules: RuleEntry[];
  momentum_schedules: RuleEntry[];
  /** One that nothing has been chosen for yet. */
  racer: RacerSettings;
  /** What a learning rate may be. */
  learning_rate: Hyperparameter;
  curves: Entry[];
  /** Switches of what is drawn at the heads. */
  overlays: (Entry & {name: Overlay})[];
  colors: string[];
  limits: {racers: number; steps: number};
};

/** What is known of a racer at one step; null where its rule has no such thing. */
export type Head = {
  step: number;
  gradient: Pair | null;
  velocity: Pair | null;
  /** Where the weights are while the head looks ahead. */
  home: Pair | null;
  /** Effective learning rates along x and y. */
  rates: Pair | null;
  /** The matrix of a local model: xx, xy, yy. */
  model: [xx: number, xy: number, yy: number] | null;
  /** 0 while it goes on. */
  ending: number;
  /** The step at which it ended, or -1. */
  ended: number;
  /** The step at which it came within the tolerance, or -1. */
  reached: number;
  value: number;
  distance: number;
  rate: number;
};

export type Role = "gradient" | "velocity" | "change" | "state";

/** One line of the trace of an update. */
export type TraceLine = {
  title: string; formula: string; numbers: string; says: string; role: Role; vector: Pair | null;
};

/** The next update of one racer. */
export type UpdateTrace = {racer: number; step: number; lines: TraceLine[]};

export interface RaceFrame extends FrameBase {
  scalars: Omit<Scalars, "status"> & {status: Status};
  heads: Head[];
  card: UpdateTrace | null;
  /** How each racer ended; "" while it goes on. */
  fates: string[];
}

/** A vector of the update trace that is to be seen on the map. */
export type Highlight = {racer: number; vector: Pair; role: Role};

/** The loss of each racer for each rate, null where it diverges, and the best rates. */
export type SweepOutcome = Omit<Swept, "type">;

/** What every part may read and ask for. */
export type RaceStore = Store<RaceScene, RaceSettings, RaceFrame, RaceCatalog, Command>;
