/* Where the picture's boxes and lines are, in the picture's own units. */

import { PARTS, type Part, type Side, type Way } from './flow_data.ts';

export const BOX = { width: 148, height: 84 };
const STEP = { x: 216, y: 132 };
const MARGIN = 12;

export const SIZE = {
  width: 5 * STEP.x + BOX.width + 2 * MARGIN,
  height: 3 * STEP.y + BOX.height + 2 * MARGIN,
};

export interface Point {
  x: number;
  y: number;
}

/** A line between two boxes, and where its word goes. */
export interface Line {
  path: string;
  word: Point;
}

export function corner(part: Part): Point {
  return { x: MARGIN + part.column * STEP.x, y: MARGIN + part.row * STEP.y };
}

export function line(way: Way): Line {
  const [from, to] = [named(way.from), named(way.to)];
  const leaves = way.leaves ?? facing(from, to);
  const arrives = way.arrives ?? facing(to, from);
  const [start, end] = [edge(from, leaves), edge(to, arrives)];
  const bend = Math.max(Math.abs(end.x - start.x), Math.abs(end.y - start.y)) / 2;
  const [out, into] = [away(start, leaves, bend), away(end, arrives, bend)];
  return {
    path: `M${at(start)} C${at(out)} ${at(into)} ${at(end)}`,
    word: {
      x: (start.x + 3 * out.x + 3 * into.x + end.x) / 8,
      // In the middle of an upright line; above any other, which would strike it through.
      y: (start.y + 3 * out.y + 3 * into.y + end.y) / 8 + (start.x === end.x ? 4 : -8),
    },
  };
}

const ABOVE_BASELINE = 11;
const BELOW_BASELINE = 3;
const FROM_NAME = 20;
const FROM_LINE = 17;

/** The baselines of a box's name and of the lines below it, which together stand in its middle. */
export function baselines(part: Part, lines: number): { name: number; lines: readonly number[] } {
  const height = ABOVE_BASELINE + (lines > 0 ? FROM_NAME + (lines - 1) * FROM_LINE : 0) + BELOW_BASELINE;
  const name = corner(part).y + (BOX.height - height) / 2 + ABOVE_BASELINE;
  return { name, lines: Array.from({ length: lines }, (_, index) => name + FROM_NAME + index * FROM_LINE) };
}

function named(id: string): Part {
  const found = PARTS.find((part) => part.id === id);
  if (!found) throw new Error(`the picture has no part ${id}`);
  return found;
}

function facing(one: Part, other: Part): Side {
  if (one.column !== other.column) return one.column < other.column ? 'right' : 'left';
  return one.row < other.row ? 'bottom' : 'top';
}

function edge(part: Part, side: Side): Point {
  const { x, y } = corner(part);
  const middle = { x: x + BOX.width / 2, y: y + BOX.height / 2 };
  if (side === 'left') return { x, y: middle.y };
  if (side === 'right') return { x: x + BOX.width, y: middle.y };
  return { x: middle.x, y: side === 'top' ? y : y + BOX.height };
}

function away({ x, y }: Point, side: Side, distance: number): Point {
  const moved = {
    left: { x: x - distance, y },
    right: { x: x + distance, y },
    top: { x, y: y - distance },
    bottom: { x, y: y + distance },
  };
  return moved[side];
}

function at(point: Point): string {
  return `${point.x},${point.y}`;
}
