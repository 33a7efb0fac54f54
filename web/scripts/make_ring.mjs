// Writes public/sounds/ring.wav: two soft notes and a pause, 8 kHz, 8 bit, looped by the page while a call rings.
import { writeFileSync } from 'node:fs';

const RATE = 8000;
const NOTES = [
  { from: 0, to: 0.32, hertz: 660 },
  { from: 0.32, to: 0.72, hertz: 880 },
];
const SECONDS = 2.4;

const samples = Buffer.alloc(RATE * SECONDS, 128);
for (const { from, to, hertz } of NOTES) {
  for (let i = Math.round(from * RATE); i < to * RATE; i++) {
    const t = i / RATE - from;
    const envelope = Math.min(1, t / 0.01) * Math.exp(-4.5 * t);
    const wave = Math.sin(2 * Math.PI * hertz * t) + 0.25 * Math.sin(4 * Math.PI * hertz * t);
    samples[i] = 128 + Math.round(80 * envelope * wave);
  }
}
const header = Buffer.alloc(44);
header.write('RIFF', 0);
header.writeUInt32LE(36 + samples.length, 4);
header.write('WAVEfmt ', 8);
header.writeUInt32LE(16, 16);
header.writeUInt16LE(1, 20);
header.writeUInt16LE(1, 22);
header.writeUInt32LE(RATE, 24);
header.writeUInt32LE(RATE, 28);
header.writeUInt16LE(1, 32);
header.writeUInt16LE(8, 34);
header.write('data', 36);
header.writeUInt32LE(samples.length, 40);
writeFileSync(new URL('../public/sounds/ring.wav', import.meta.url), Buffer.concat([header, samples]));
