/** Types that the modules of the network page share. Nothing of this reaches a browser. */

import type {
  Colors, Entry, FrameBase, Hyperparameter, Model as AnyModel, SceneBase, Status, Store as AnyStore, TipLines,
} from "../runtime/types.js";
import type * as wire from "./wire.js";
import type {Command, Sections} from "./wire.js";

export type Store = AnyStore<Scene, Settings, Frame, Catalog, Command>;

/** What Panel gives the page's script: headings of the left panel and which choices stand under each. */
export type Model = AnyModel<Catalog> & {readonly outline: Outline[]};
export type Outline = {title: string; choices: {[setting: string]: unknown[]}};

/** All choices by name, as far as the script has to do with them; spelled as in Python. */
export type Settings = LayerLists & {
  dataset: string;
  features: string[];
  experiment: string;
  upper: string;
  lower: string;
  /** The layer seen in detail, or 0. */
  layer_detail: number;
  view: string;
  picture: string;
  hidden_layer: number;
  hidden_axes: string;
  hidden_units: number[];
  directions: string;
  landscape_every: number;
  show_test: boolean;
  discretize: boolean;
  log_loss: boolean;
  log_counts: boolean;
  dark: boolean;
  [other: string]: unknown;
};

/** One value for each hidden layer. */
export type LayerLists = {[Name in keyof LayerChoices]: LayerChoices[Name][]};

/** What can be chosen of one hidden layer. */
export type LayerChoices = {
  /** Number of units. */
  hidden: number;
  activation: string;
  activation_params: {[hyperparameter: string]: number};
  batch_norm: string;
  dropout: number;
  drop_connect: number;
};

export type Catalog = {
  datasets: Dataset[];
  features: Feature[];
  activations: Activation[];
  placements: Entry[];
  views: (Entry & {spread: boolean})[];
  quantities: Quantity[];
  pictures: Entry[];
  axes: (Entry & {of_units: boolean})[];
  directions: Entry[];
  experiments: {name: string; label: string; notice: string}[];
  switches: {[Name in "show_test" | "discretize" | "log_loss" | "log_counts"]: Entry & {name: Name}};
  dropout: number[];
  limits: {layers: number; units: number};
};

export type Activation = Entry & {hyperparameters: Hyperparameter[]};
/** `points` are x, y and label. */
export type Dataset = Entry & {task: Task; points: [number, number, number][]};
/** `map` is base64: one byte a pixel, 20 x 20. */
export type Feature = Entry & {map: string};
/** What histograms show. `sizes`: absolute values, whose mean says more than their spread. */
export type Quantity = Entry & {symbol: string; sizes: boolean; backward: boolean};

export type Task = "binary" | "multiclass" | "regression";

/** What frames are drawn into: network and data. */
export type Scene = SceneBase & {
  task: Task;
  classes: number;
  /** In how many degrees the map of classes tells how certain each is. */
  certainties: number;
  /** What the classes of a user's own data are called; empty for other data. */
  class_names: string[];
  /** What the square shows to the right, and upwards. */
  axes: [SquareAxis, SquareAxis];
  /** The plane that is drawn reaches from -extent to extent on both axes. */
  extent: number;
  /** Pixels on a side of the large map and of the units' maps. */
  grid: number;
  tile: number;
  /** Whether there are too many units to draw each. */
  strip: boolean;
  /** The layer whose space is shown, and two of its units, counted from 1. */
  hidden_space: {layer: number; units: [number, number]};
  /** For each layer the share of saturated values that is still usual; null where there can be none. */
  thresholds: (number | null)[];
  /** And the share that standard normal sums would have. */
  usual: (number | null)[];
  layers: Layers;
  /** How many training and test points there are, and on how many saturation is measured. */
  train: number;
  test: number;
  seen: number;
  /** Whether the choices are no longer those of the experiment. */
  departed: boolean;
  palette: string[];
  settings: Settings;
  points: DataPoint[];
};

export type Layers = [InputLayer, ...HiddenLayer[], OutputLayer];
export type Layer = Layers[number];
export type InputLayer = {kind: "input"; units: number; features: string[]};
export type HiddenLayer = {
  kind: "hidden";
  units: number;
  activation: string;
  activation_label: string;
  /** Batch norm in short, or nothing. */
  norm_label: string;
  dropout: number;
  drop_connect: number;
};
export type OutputLayer = {kind: "output"; units: number; label: string};

/** One axis of the square: `middle` is its value there, `step` how much it grows in 1, `digits` those worth telling. */
export type SquareAxis = {label: string; middle: number; step: number; digits: number};

/** `label`: the class, or the value of a regression. */
export type DataPoint = {x: number; y: number; label: number; test: boolean};

/** One picture of a network in training, as far as it is shown. */
export type Frame = FrameBase & {scalars: Scalars; focus?: Exact}
  & Pick<Sections, "histograms" | "stats" | "firstHistograms" | "firstStats" | "saturation">
  & Partial<Omit<Sections, "scalars" | "focus" | "text">>;

/** What it takes to draw every unit. */
export type UnitSections = Pick<Sections, "maps" | "silenced" | "weights" | "biases">;
/** What it takes to draw a network that is too large for that. */
export type StripSections = Pick<Sections, "profile">;
export type OutputSections = Pick<Sections, "boundary">;
export type HiddenSections = Pick<Sections, "mesh" | "places" | "line">;
export type LandscapeSections = Pick<Sections, "heights" | "landscapeView" | "path">;

export type UnitFrame = Frame & UnitSections;
export type StripFrame = Frame & StripSections;

export type Scalars = Omit<wire.Scalars, "status"> & {status: Status};

/** A part of the network: `layer` counts from 0, the inputs; `i` is a unit, of a link the one it leads from to `j`. */
export type Target = {kind: TargetKind; layer: number; i: number; j: number};
export type TargetKind = typeof wire.FOCUS_KINDS[number] | "histogram" | "profile";
/** What a frame was made while looking at, with its value. */
export type Exact = Omit<wire.Focus, "kind"> & {kind: typeof wire.FOCUS_KINDS[number]};

/** Where everything on the network's canvas is, in CSS pixels. */
export type Geometry = UnitGeometry | StripGeometry;

type Common = {
  width: number;
  height: number;
  /** Where the lower half begins, with a row of `legend` pixels. */
  divider: number;
  legend: number;
  inputs: InputColumn;
  /** From one column's centre to the next. */
  columnWidth: number;
  barWidth: number;
  /** Upper and lower histograms. */
  rows: Row[];
};
export type UnitGeometry = Common & {strip: false; columns: Column[]; straight: boolean};
export type StripGeometry = Common & {
  strip: true;
  columns: {x: number}[];
  pitch: number;
  /** Baseline of the layers' numbers. */
  numbers: number;
  chart: Chart;
};

/** Histograms stand on `base` and reach up to `top`. */
export type Row = {top: number; base: number};
export type Chart = {left: number; right: number; top: number; bottom: number};

/** One layer: `ys` are the centres of its units, `firstUnit` and `firstLink` their places in a frame's arrays. */
export type Column = {
  x: number;
  left: number;
  right: number;
  tile: number;
  pitch: number;
  ys: number[];
  firstUnit: number;
  firstLink: number;
};
/** Every feature has a place; `ys` are those that feed the network. */
export type InputColumn = Omit<Column, "firstUnit" | "firstLink"> & {places: number[]};

export type Link = {x0: number; y0: number; x1: number; y1: number; path?: Path2D};
/** How links of one weight code look. */
export type LinkStyle = Colors["links"][number];

/** The numbers of one histogram; `nonfinite` counts the values that it leaves out. */
export type Stats = {[name in typeof wire.STATISTICS[number]]: number};
export type Axis = {low: number; high: number};
export type Caption = {low: string; high: string; text: string; short: string; trouble?: boolean};

/** One thing that the large picture can be. `u` and `v` are shares of its side. */
export type Picture = {
  /** What of a frame it is made of. Nothing is painted before all of that has come. */
  sections: readonly (keyof Sections)[];
  /** Whether the data points are on it. */
  hasPoints: boolean;
  controls: PictureControls;
  /** There may be another size, other settings or another theme. */
  update?(side: number): void;
  paint(context: CanvasRenderingContext2D, side: number, frame: Frame): void;
  /** Null: what it is made of has not come yet. */
  describe(u: number, v: number, frame: Frame | null): TipLines;
};

/** What can be chosen of one picture: to be seen while the picture is. */
export type PictureControls = {
  /** Beside the choice of the picture, in the row of switches below it, and under that row. */
  beside?: HTMLElement[];
  inRow?: HTMLElement[];
  below?: HTMLElement[];
  update(): void;
  paint?(frame: Frame): void;
  read?(frame: Frame): void;
};

/** One group of numbers whose gradients were checked. */
export type CheckedGroup = {
  layer: number;
  group: string;
  size: number;
  checked: number;
  kinks: number;
  worst: number | null;
  verdict: "right" | "doubtful" | "wrong" | "unjudged";
};

/** What lies over the network's canvas and is placed by its geometry. */
export type Overlay = {readonly element: HTMLElement; place(geometry: Geometry): void};
