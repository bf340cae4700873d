import js from "@eslint/js";
import globals from "globals";

/** Nothing that changes may live in a module: it would be shared by every page of a notebook. */
const RESTRICTED = [
  "error",
  {selector: "Program > VariableDeclaration[kind='let']", message: "A module holds no state: keep it in a function."},
  {
    selector: "Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
    message: "A module holds no state: keep it in a function.",
  },
  {
    selector: "ExportNamedDeclaration > VariableDeclaration[declarations.length>1]",
    message: "The bundle takes one name from a declaration: export each by itself.",
  },
];

export default [
  js.configs.recommended,
  {
    linterOptions: {reportUnusedDisableDirectives: "error"},
    rules: {
      eqeqeq: ["error", "always", {null: "ignore"}],
      "max-len": ["error", {code: 120}],
      "max-lines": ["error", {max: 320}],
      "max-lines-per-function": ["error", {max: 60}],
      "no-restricted-syntax": RESTRICTED,
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {files: ["static/**/*.js"], languageOptions: {globals: globals.browser}},
  {files: ["static/*/wire.js"], rules: {"max-lines": "off"}}, // tables, written by Python
  {
    files: ["tests/javascript/**/*.js"],
    languageOptions: {globals: globals.node},
    rules: {"max-lines-per-function": "off"}, // a group of tests is a function
  },
];
