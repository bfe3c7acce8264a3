/** JSON text laid out anew, in which no value is written anew: numbers keep all digits, texts their escapes. */
import { eachElement, eachMember, isArrayAt, isObjectAt, skipSpace, skipValue } from '../../edge/json/raw.js';

/** JSON with a line for each value, indented by `step`; on one line without spaces where that is empty. */
export function laidOut(text: string, step: string): string {
  const parts: string[] = [];
  const breakLine = (margin: string): string => (step === '' ? '' : `\n${margin}`);
  const write = (at: number, margin: string): number => {
    const isObject = isObjectAt(text, at);
    if (!isObject && !isArrayAt(text, at)) {
      const end = skipValue(text, at);
      parts.push(text.slice(at, end));
      return end;
    }
    const inner = margin + step;
    let isEmpty = true;
    const begin = (key: string): void => {
      parts.push(isEmpty ? '' : ',', breakLine(inner), key);
      isEmpty = false;
    };
    parts.push(isObject ? '{' : '[');
    const end = isObject
      ? eachMember(text, at, (keyAt, keyEnd, member) => {
          begin(`${text.slice(keyAt, keyEnd)}${step === '' ? ':' : ': '}`);
          return write(member, inner);
        })
      : eachElement(text, at, (_index, element) => {
          begin('');
          return write(element, inner);
        });
    parts.push(isEmpty ? '' : breakLine(margin), isObject ? '}' : ']');
    return end;
  };
  write(skipSpace(text, 0), '');
  return parts.join('');
}

/** JSON of an object with some field, on one line, and a last field whose value is JSON already. */
export function withField(object: object, name: string, json: string): string {
  return `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${laidOut(json, '')}}`;
}
