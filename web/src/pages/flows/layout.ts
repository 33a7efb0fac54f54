/** Places for boxes and arrows, and today's callers on them. Pure. */

import dagre from '@dagrejs/dagre';
import type { FlowArrow, FlowBox, FlowDrawing, Passage } from '../../api/types.ts';

export const BOX = { width: 190, height: 74 };

export interface PlacedBox extends FlowBox {
  x: number;
  y: number;
}

export function placed(drawing: FlowDrawing): PlacedBox[] {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 62, edgesep: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of drawing.boxes) graph.setNode(box.id, { ...BOX });
  for (const [from, to] of pairs(drawing.arrows)) graph.setEdge(from, to, {}, 'one');
  dagre.layout(graph);
  return drawing.boxes.map((box) => {
    const { x, y } = graph.node(box.id) as { x: number; y: number };
    return { ...box, x: x - BOX.width / 2, y: y - BOX.height / 2 };
  });
}

function pairs(arrows: readonly FlowArrow[]): [string, string][] {
  return [...new Map(arrows.map(({ source, target }) => [`${source} ${target}`, [source, target]])).values()] as [
    string,
    string,
  ][];
}

/** `choices.1` and `keys.0` as people say them: the key. */
export function edgeWord(edge: string): string {
  const [field, ...rest] = edge.split('.');
  return (field === 'choices' || field === 'keys') && rest.length > 0 ? rest.join('.') : edge.replace(/\.go$/, '');
}

export interface Line {
  id: string;
  source: string;
  target: string;
  words: string[];
  callers: number;
}

/** One line between two boxes, however many edges of the file it stands for. */
export function lines(drawing: FlowDrawing, passages: readonly Passage[]): Line[] {
  const found = new Map<string, Line>();
  for (const arrow of drawing.arrows) {
    const id = `${arrow.source} ${arrow.target}`;
    const line = found.get(id) ?? { id, source: arrow.source, target: arrow.target, words: [], callers: 0 };
    line.words.push(edgeWord(arrow.edge));
    line.callers += callersOn(arrow, drawing.flow, passages);
    found.set(id, line);
  }
  return [...found.values()];
}

const ANYWHERE = '*';

function callersOn(arrow: FlowArrow, flow: string, passages: readonly Passage[]): number {
  return passages
    .filter(({ way, edge, node, to_flow: toFlow, to_node: toNode }) => {
      if (way !== 'edge' || edge !== arrow.edge) return false;
      if (arrow.source !== ANYWHERE && node !== arrow.source) return false;
      return toFlow === flow ? toNode === arrow.target : `flow:${toFlow}` === arrow.target;
    })
    .reduce((sum, { callers }) => sum + callers, 0);
}

export interface NodeFigures {
  callers: number;
  hungUp: number;
  averageS: number | null;
}

export function figuresOf(node: string, passages: readonly Passage[]): NodeFigures {
  const own = passages.filter((passage) => passage.node === node);
  const callers = own.reduce((sum, passage) => sum + passage.callers, 0);
  const spent = own.reduce((sum, passage) => sum + passage.spent_s, 0);
  const hungUp = own.filter(({ way }) => way === 'hung_up').reduce((sum, passage) => sum + passage.callers, 0);
  return { callers, hungUp, averageS: callers > 0 ? spent / callers : null };
}
