/** Buttons for a replica: none, for this page only reads. */
export function actionsFor() {
  return [];
}
