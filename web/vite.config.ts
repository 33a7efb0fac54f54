import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { precompress } from './scripts/precompress.ts';

/** Where `npm run dev` finds the daemon (or dev/stub_server.py). */
const daemon = process.env.CTI_URL ?? 'http://127.0.0.1:8088';

export default defineConfig({
  plugins: [react(), precompress()],
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: daemon },
      // The daemon compares Origin with its own address, so the proxy must not pass on Vite's.
      '/sip': { target: daemon, ws: true, rewriteWsOrigin: true },
      '/ws': { target: daemon, ws: true, rewriteWsOrigin: true },
    },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // antd and echarts are large by nature; each page loads only what it needs.
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'node', // files about pages ask for jsdom in their first line; it takes seconds to set up
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
