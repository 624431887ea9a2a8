import { expect, test } from 'vitest';
import { counted, type Flow } from '../src/engineer/counts.ts';
import { baselines, BOX, corner, line } from '../src/engineer/flow_geometry.ts';
import { PARTS, WAYS } from '../src/engineer/flow_data.ts';

const QUIET: Flow = {
  since: '2026-11-25T12:00:00Z',
  queue: { waiting: 0, delayed: 0, inFlight: 0 },
  deadLetters: 0,
  workflows: { running: 0, succeeded: 0, failed: 0, timedOut: 0 },
  announcements: { sent: 0, undelivered: 0 },
  orders: {},
};

test('every way of the picture joins two of its parts', () => {
  const ids = new Set(PARTS.map((part) => part.id));

  expect(WAYS.filter((way) => !ids.has(way.from) || !ids.has(way.to))).toEqual([]);
  expect(WAYS.map((way) => line(way).path).every((path) => !path.includes('NaN'))).toBe(true);
});

test('no two parts stand in one place', () => {
  const places = PARTS.map((part) => `${part.column} ${part.row}`);

  expect(new Set(places).size).toBe(PARTS.length);
});

test.each([0, 1, 2, 3])('a name with %s lines of counts stands in the middle of its box', (count) => {
  const [part] = PARTS;
  const at = part && baselines(part, count);
  const top = part ? corner(part).y : NaN;

  const above = (at?.name ?? NaN) - 11 - top;
  const below = top + BOX.height - ((at?.lines.at(-1) ?? at?.name ?? NaN) + 3);

  expect(above).toBeCloseTo(below);
  expect(above).toBeGreaterThan(6);
  expect(at?.lines).toHaveLength(count);
});

test('every count has a box of the picture', () => {
  const ids = PARTS.map((part) => part.id);

  expect(Object.keys(counted(QUIET)).filter((id) => !ids.includes(id))).toEqual([]);
});

test('a delay and a failure are told when there are any', () => {
  const busy = { ...QUIET, queue: { waiting: 1, delayed: 2, inFlight: 3 } };
  const broken = { ...QUIET, workflows: { running: 0, succeeded: 4, failed: 1, timedOut: 1 } };

  expect(counted(QUIET)['queue']).toEqual(['0 waiting', '0 in flight']);
  expect(counted(busy)['queue']).toEqual(['1 waiting', '2 delayed', '3 in flight']);
  expect(counted(broken)['workflow']).toEqual(['0 running', '4 done', '2 failed']);
});
