/** Types that the modules of the network page share. Nothing of this reaches a browser. */

import type {Colors, FrameBase, Model as AnyModel, Status, Store as AnyStore, TipLines} from "../runtime/types.js";
import type * as wire from "./wire.js";
import type {Command, LayerChoices, Outline, Sections} from "./wire.js";

export type {
  CheckedGroup, Dataset, Feature, HiddenLayer, InputLayer, LayerChoices, OutputLayer, Outline, Quantity, Task,
} from "./wire.js";

export type Store = AnyStore<Scene, Settings, Frame, Catalog, Command>;

/** What Panel gives the page's script: headings of the left panel and which choices stand under each. */
export type Model = AnyModel<Catalog> & {readonly outline: Outline[]};

/** All choices by name, as far as the script has to do with them; spelled as in Python. */
export type Settings = wire.Settings & {[other: string]: unknown};

/** One value for each hidden layer. */
export type LayerLists = {[Name in keyof LayerChoices]: LayerChoices[Name][]};

/** Each switch sets the setting of its name. */
export type Catalog = Omit<wire.Catalog, "switches"> & {
  switches: {[Name in keyof wire.Switches]: wire.Switches[Name] & {name: Name}};
  selects: {[Name in keyof wire.Selects]: wire.Selects[Name] & {name: Name}};
};

/** What frames are drawn into: network and data. */
export type Scene = Omit<wire.Scene, "settings"> & {settings: Settings; points: DataPoint[]};

export type Layers = Scene["layers"];
export type Layer = Layers[number];

export type SquareAxis = wire.SquareAxis;

/** `label`: the class, or the value of a regression. */
export type DataPoint = {x: number; y: number; label: number; test: boolean};

/** The sections of frames; those of the data points come with the scene. */
export type FrameSections = Omit<Sections, "points" | "labels">;

/** One picture of a network in training, as far as it is shown. */
export type Frame = FrameBase & {scalars: Scalars; focus?: Exact}
  & Pick<Sections, "histograms" | "stats" | "firstHistograms" | "firstStats" | "saturation">
  & Partial<Omit<FrameSections, "scalars" | "focus" | "text">>;

/** What it takes to draw every unit. */
export type UnitSections = Pick<Sections, "maps" | "silenced" | "weights" | "biases">;
/** What it takes to draw a network that is too large for that. */
export type StripSections = Pick<Sections, "profile">;
export type OutputSections = Pick<Sections, "boundary">;
export type HiddenSections = Pick<Sections, "mesh" | "hiddenPoints" | "line">;
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

/** One layer: `ys` are the centres of its units, `firstUnit` and `firstLink` their positions in a frame's arrays. */
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
export type InputColumn = Omit<Column, "firstUnit" | "firstLink"> & {allYs: number[]};

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
  sections: readonly (keyof FrameSections)[];
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

/** What lies over the network's canvas and is placed by its geometry. */
export type Overlay = {readonly element: HTMLElement; place(geometry: Geometry): void};
