import { defineConfig } from 'vitest/config';
import { budget } from './build/budget.ts';
import { systemFonts } from './build/system_fonts.ts';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2022',
    // Inlined assets would be data: addresses, which the page's security policy allows for pictures only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The licences of what ships ask that their texts ship with it.
    license: { fileName: 'licenses.md' },
    // GraphiQL is one large chunk that only the engineer's view loads; `budget` watches what everybody loads.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // A hint to React's compiler in GraphiQL's sources, which nothing here reads.
      onLog: (level, log, tell) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  plugins: [budget(), systemFonts()],
  // GraphiQL is written for React.
  resolve: { alias: { react: 'preact/compat', 'react-dom': 'preact/compat' } },
  // A library for the password's proof was written for Node.js's name of it.
  define: { global: 'globalThis' },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.{ts,tsx}'], restoreMocks: true },
});
