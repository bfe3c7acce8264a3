/** The first line of every generated file. */
export const HEADER = '// Generated from schemas/ by `npm run generate`. Do not edit.\n';

/** A doc comment of one line, or of several where the line would be too long. */
export function docComment(text: string, indent = ''): string {
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= 120) return `${oneLine}\n`;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + 3 + line.length + 1 + word.length > 120) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return `${indent}/**\n${lines.map((one) => `${indent} * ${one}\n`).join('')}${indent} */\n`;
}

/** `"a"` -> `'a'`, the way in which the project quotes; in double quotes what has a single quote in it. */
export function quote(text: string): string {
  if (text.includes("'") && !text.includes('"')) return JSON.stringify(text);
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

/** `evidenceFields` -> `EvidenceField`: the name of the const object of a closed set. */
export function setName(key: string): string {
  const names: Readonly<Record<string, string>> = {
    causes: 'CauseCode',
    timers: 'TimerKind',
    cursors: 'CursorKind',
  };
  return names[key] ?? key.charAt(0).toUpperCase() + key.slice(1).replace(/s$/, '');
}

/** `EvidenceField` -> `EVIDENCE_FIELD`. */
export function upperSnake(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}

/** A union type, on one line where it fits. */
export function unionType(name: string, members: readonly string[]): string {
  const oneLine = `export type ${name} = ${members.join(' | ')};`;
  if (oneLine.length <= 120 && members.length < 6) return `${oneLine}\n`;
  return `export type ${name} =\n${members.map((member) => `  | ${member}`).join('\n')};\n`;
}
