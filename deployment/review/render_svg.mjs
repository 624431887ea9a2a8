// Graphviz without a browser or an installation: reads a digraph from standard input, writes the SVG to standard output.
import { text } from 'node:stream/consumers';
import { instance } from '@viz-js/viz';

const viz = await instance();
process.stdout.write(viz.renderString(await text(process.stdin), { format: 'svg' }));
