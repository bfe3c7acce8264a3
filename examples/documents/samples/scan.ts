import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import type { SeededRandom } from './random.js';
import type { Sheet } from './sheet.js';

const SCAN_DPI = 150;
const REGULAR = 'Scan Sans';
const BOLD = 'Scan Sans Bold';

// The fonts come with pdfjs, so that a scan looks the same on a machine without any.
const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'standard_fonts');
GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Regular.ttf'), REGULAR);
GlobalFonts.registerFromPath(join(fonts, 'LiberationSans-Bold.ttf'), BOLD);

/** A sheet as a scanner sees it: greyish paper, a little aslant, specks of dust. A JPEG picture of the whole page. */
export function scan(sheet: Sheet, random: SeededRandom): Buffer {
  const canvas = print(sheet, (random.next() - 0.5) * 0.018);
  addNoise(canvas, random);
  // `encode` works on in another thread without holding on to the canvas, and crashes where that is collected meanwhile.
  return canvas.encodeSync('jpeg', 60);
}

function print(sheet: Sheet, tiltRadians: number): Canvas {
  const scale = SCAN_DPI / 72;
  const canvas = createCanvas(Math.round(sheet.width * scale), Math.round(sheet.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#f4f3ef';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.translate(sheet.width / 2, sheet.height / 2);
  context.rotate(tiltRadians);
  context.translate(-sheet.width / 2, -sheet.height / 2);
  context.fillStyle = '#2a2a2c';
  context.strokeStyle = '#4a4a4c';
  for (const { text, x, y, size, bold, alignRight } of sheet.texts) {
    context.font = `${size}px "${bold ? BOLD : REGULAR}"`;
    context.textAlign = alignRight ? 'right' : 'left';
    context.fillText(text, x, y);
  }
  context.lineWidth = 0.7;
  for (const { x0, y0, x1, y1 } of sheet.rules) {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
  return canvas;
}

/** Every pixel a little lighter or darker, and one speck of dust for about every 30,000 pixels. */
function addNoise(canvas: Canvas, random: SeededRandom): void {
  const context = canvas.getContext('2d');
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = image;
  for (let p = 0; p < data.length; p += 4) {
    const shift = random.integer(-5, 5);
    for (let c = p; c < p + 3; c++) data[c] = (data[c] ?? 0) + shift;
  }
  // This canvas applies the transform to pixels that are put back, which the standard forbids.
  context.resetTransform();
  context.putImageData(image, 0, 0);
  context.fillStyle = 'rgba(90, 90, 90, 0.5)';
  for (let i = 0; i < data.length / 120_000; i++) {
    context.fillRect(random.integer(0, canvas.width), random.integer(0, canvas.height), 1.5, 1.5);
  }
}
