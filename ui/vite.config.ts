// Two entries: the main window, and the MFA popup, which is kept small because somebody waits for it.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // The content security policy allows no `data:` URL and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { main: 'index.html', prompt: 'prompt.html' } },
  },
  // Vitest would take Svelte's server build otherwise.
  ...(mode === 'test' ? { resolve: { conditions: ['browser'] } } : {}),
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: 'src/testing.ts' },
}));
