// Finance's desk: reads the QR code of a note with the camera or from a picture, and puts its text into the form.
// Nothing leaves the page before the person sends the form.
import decodeQR from 'qr/decode.js';

/** Milliseconds between two readings of the camera's picture. */
const LOOK_EVERY = 250;
/** Longest side in pixels. Larger pictures are reduced: the code is read as reliably, and faster. */
const LARGEST = 1600;

const at = <T extends HTMLElement>(id: string): T | null => document.getElementById(id) as T | null;

/** The text of the QR code in a picture; null if there is none. */
function read(source: CanvasImageSource, width: number, height: number): string | null {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || canvas.width === 0 || canvas.height === 0) return null;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null;
  }
}

function start(scan: HTMLElement): void {
  const video = at<HTMLVideoElement>('scan-video');
  const file = at<HTMLInputElement>('scan-file');
  const note = at<HTMLTextAreaElement>('note');
  const trouble = at('scan-problem');
  const camera = at<HTMLButtonElement>('scan-camera');
  if (video === null || file === null || note === null || trouble === null || camera === null) return;
  scan.hidden = false;
  let stream: MediaStream | null = null;

  const found = (text: string): void => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
    trouble.textContent = '';
    note.value = text;
    at<HTMLButtonElement>('look')?.focus();
  };

  const look = (): void => {
    if (stream === null) return;
    const text = read(video, video.videoWidth, video.videoHeight);
    if (text === null) window.setTimeout(look, LOOK_EVERY);
    else found(text);
  };

  camera.addEventListener('click', () => {
    const wanted = { video: { facingMode: 'environment' }, audio: false };
    Promise.resolve().then(() => navigator.mediaDevices.getUserMedia(wanted)).then(
      async (opened) => {
        stream = opened;
        video.srcObject = opened;
        video.hidden = false;
        await video.play();
        look();
      },
    ).catch(() => {
      trouble.textContent = scan.dataset['camera'] ?? '';
    });
  });

  file.addEventListener('change', () => {
    const [picture] = file.files ?? [];
    if (picture === undefined) return;
    createImageBitmap(picture).then(
      (bitmap) => {
        const text = read(bitmap, bitmap.width, bitmap.height);
        if (text === null) trouble.textContent = scan.dataset['none'] ?? '';
        else found(text);
      },
      // Telephones make kinds of pictures that this browser does not know, such as HEIC.
      () => (trouble.textContent = scan.dataset['kind'] ?? ''),
    );
    file.value = '';
  });
}

const scan = at('scan');
if (scan !== null) start(scan);
