/**
 * The number in force, and another one while it is typed: what is typed must not be written over.
 *
 * @param {(text: string) => void} write Puts a text into the field.
 * @param {(value: number) => void} changed Told of a number that was typed.
 */
export function createDraft(write, changed) {
  let known = "";
  let typing = false;

  function restore() {
    typing = false;
    write(known);
  }

  return {
    restore,
    /** Something is being typed. */
    type() { typing = true; },
    /**
     * The number in force is this one.
     *
     * @param {number} value
     */
    show(value) {
      known = String(value);
      if (!typing) write(known);
    },
    /**
     * What was typed is meant. What is no number is not worth a question to Python.
     *
     * @param {number} value
     */
    take(value) {
      if (Number.isFinite(value)) {
        known = String(value);
        changed(value);
      }
      restore();
    },
  };
}
