/** A name of the catalogue as people read it: camelCase to kebab-case. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
