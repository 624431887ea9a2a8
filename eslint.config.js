// The resolvers run in AppSync's APPSYNC_JS, a small part of JavaScript. AppSync's own plugin knows much of what is
// missing there; the rules below add what it doesn't look for: `throw`, `new`, and methods outside AWS's list
// (docs.aws.amazon.com/appsync/latest/devguide/supported-features.html), which it finds only where it knows the type.
import appsync from '@aws-appsync/eslint-plugin';
import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';

const WEB = ['web/**/*.{ts,tsx}'];
const FILES = ['stacks/orders/resolvers/**/*.js'];
const METHODS = [
  'assign|entries|hasOwn|keys|values',
  'charAt|endsWith|indexOf|lastIndexOf|replace|replaceAll|slice|split|startsWith',
  'toLowerCase|toUpperCase|trim|trimEnd|trimStart',
  'concat|every|filter|find|findIndex|flatMap|forEach|join|map|pop|push|reduce|reverse|shift|some|splice|unshift',
  'ceil|floor|max|min|random|round|parse|stringify|error|log',
  // util, util.dynamodb, util.time, runtime and extensions
  'appendError|autoUlid|matches|unauthorized',
  'toDynamoDB|toMapValues',
  'epochMilliSecondsToISO8601|nowEpochMilliSeconds|nowISO8601',
  'earlyReturn|setSubscriptionFilter',
].join('|');

export default [
  { ignores: ['web/dist', 'web/src/api/schema.d.ts'] },
  ...typescript.configs.strictTypeChecked.map((config) => ({ ...config, files: WEB })),
  {
    files: WEB,
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'react-hooks': hooks },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // What the modules here make are closures: their functions don't know `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
    },
  },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    ignores: ['web/src/api/network.ts', 'web/src/config.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Use fetchNoting: after a failure the page looks whether its servers are others.' },
      ],
    },
  },
  {
    files: FILES,
    ...appsync.configs.recommended,
    languageOptions: {
      ...appsync.configs.recommended.languageOptions,
      globals: { Array: false, JSON: false, Math: false, Object: false, console: false },
      parserOptions: { projectService: true },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: FILES,
    rules: {
      eqeqeq: 'error',
      'no-undef': 'error',
      'no-unused-vars': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ThrowStatement', message: 'APPSYNC_JS has no throw: use util.error.' },
        { selector: 'NewExpression', message: 'APPSYNC_JS has no new.' },
        {
          selector: `CallExpression[callee.type='MemberExpression'][callee.property.name!=/^(${METHODS})$/]`,
          message: 'Not a method that AWS documents for APPSYNC_JS (or one that nothing here used yet).',
        },
      ],
    },
  },
];
