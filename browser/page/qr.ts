// A QR code as SVG elements, since pages accept no markup from scripts.
import encodeQR from 'qr';

const SVG = 'http://www.w3.org/2000/svg';
/** Width of the white border around the code in squares; readers need it. */
const BORDER = 4;

export function qrCode(text: string, label: string): SVGSVGElement {
  const rows = encodeQR(text, 'raw', { border: BORDER, ecc: 'medium' });
  const size = rows.length;
  const squares = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const picture = document.createElementNS(SVG, 'svg');
  const attributes: Record<string, string> = { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, class: 'qr' };
  for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
  const ground = document.createElementNS(SVG, 'rect');
  ground.setAttribute('width', String(size));
  ground.setAttribute('height', String(size));
  ground.setAttribute('fill', '#fff');
  const code = document.createElementNS(SVG, 'path');
  code.setAttribute('d', squares.join(''));
  code.setAttribute('fill', '#000');
  picture.append(ground, code);
  return picture;
}
