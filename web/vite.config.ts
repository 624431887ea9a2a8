import { defineConfig } from 'vitest/config';
import { budget } from './build/budget.ts';

export default defineConfig({
    root: import.meta.dirname,
    build: {
        target: 'es2022',
        // Inlined assets would be data: addresses, which the page's security policy allows for pictures only.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
    },
    plugins: [budget()],
    test: { environment: 'happy-dom', include: ['tests/**/*.test.{ts,tsx}'], restoreMocks: true },
});
