import { useEffect, useRef, useState } from 'preact/hooks';

import type { Counts } from './counts.ts';
import { baselines, BOX, corner, line, SIZE } from './flow_geometry.ts';
import { PARTS, WAYS, type Part } from './flow_data.ts';

/** The flow as a picture with its counts. It scrolls sideways on a narrow screen, so the keyboard can reach it. */
export function FlowPicture({ counts }: { counts: Counts }) {
  return (
    <div class="flow-frame" tabIndex={0} role="region" aria-label="The flow of an order, as a picture">
      <svg class="flow" viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-labelledby="flow-title">
        <title id="flow-title">{described(counts)}</title>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0 L8,4 L0,8 z" />
          </marker>
        </defs>
        {WAYS.map((way) => {
          const { path, word } = line(way);
          return (
            <g key={`${way.from} ${way.to}`} class={way.dashed ? 'way dashed' : 'way'}>
              <path d={path} marker-end="url(#arrow)" />
              {way.says && (
                <text x={word.x} y={word.y}>
                  {way.says}
                </text>
              )}
            </g>
          );
        })}
        {PARTS.map((part) => (
          <PartBox key={part.id} part={part} says={counts[part.id] ?? []} />
        ))}
      </svg>
    </div>
  );
}

function PartBox({ part, says }: { part: Part; says: readonly string[] }) {
  const { x, y } = corner(part);
  const moved = useMoved(says.join(' '));
  const at = baselines(part, says.length);
  return (
    <g class={`part ${part.shape}${moved ? ' moved' : ''}`} data-part={part.id}>
      <rect x={x} y={y} width={BOX.width} height={BOX.height} rx={part.shape === 'person' ? BOX.height / 2 : 10} />
      <text class="name" x={x + BOX.width / 2} y={at.name}>
        {part.name}
      </text>
      {says.map((words, index) => (
        <text key={index} class="count" x={x + BOX.width / 2} y={at.lines[index]}>
          {words}
        </text>
      ))}
    </g>
  );
}

/** Tell for a moment that the words changed, so that the eye finds what moved. */
function useMoved(words: string): boolean {
  const beforeRef = useRef(words);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (beforeRef.current === words) return undefined;
    beforeRef.current = words;
    setMoved(true);
    const over = setTimeout(() => setMoved(false), 900);
    return () => clearTimeout(over);
  }, [words]);
  return moved;
}

function described(counts: Counts): string {
  const said = PARTS.flatMap((part) =>
    counts[part.id]?.length ? [`${part.name}: ${counts[part.id]?.join(', ')}`] : [],
  );
  return `How an order goes from the client to the mailbox. ${said.join('; ')}`;
}
