/** The flow as a picture: today's callers on each line, hang-ups and who is there now at each node. */

import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  getBezierPath,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowDrawing, FlowPassages } from '../../api/types.ts';
import { useLocalized } from '../../i18n/words.ts';
import { clockDuration } from '../../time/format.ts';
import { PhoneFilled, TeamOutlined } from '../../ui/icons.ts';
import { usePreferences } from '../../app/preferences.ts';
import { BOX, figuresOf, lines, type NodeFigures, placed, type PlacedBox } from './layout.ts';

interface BoxData extends Record<string, unknown> {
  box: PlacedBox;
  figures: NodeFigures;
  inside: number;
}

type BoxNode = Node<BoxData, 'box'>;

interface Ends extends Record<string, unknown> {
  from: { x: number; y: number };
  to: { x: number; y: number };
}

const NODE_TYPES = { box: FlowNode };
const EDGE_TYPES = { line: FlowLine };

interface Props {
  drawing: FlowDrawing;
  today: FlowPassages | undefined;
  onLine: (line: number) => void;
}

export function Drawing({ drawing, today, onLine }: Props) {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const boxes = useMemo(() => placed(drawing), [drawing]);
  const passages = useMemo(() => today?.passages ?? [], [today]);
  const inside = today?.inside;
  const nodes = useMemo(
    () =>
      boxes.map((box): BoxNode => ({
        id: box.id,
        type: 'box',
        position: { x: box.x, y: box.y },
        width: BOX.width,
        height: BOX.height,
        data: { box, figures: figuresOf(box.id, passages), inside: inside?.[box.id] ?? 0 },
        draggable: false,
        connectable: false,
        ariaLabel: box.id,
      })),
    [boxes, passages, inside],
  );
  const edges = useMemo(() => {
    const at = new Map(boxes.map((box) => [box.id, box]));
    const placeOf = (id: string, down: number): { x: number; y: number } => {
      const box = at.get(id);
      return { x: (box?.x ?? 0) + BOX.width / 2, y: (box?.y ?? 0) + down };
    };
    return lines(drawing, passages).map((line): Edge<Ends> => ({
      id: line.id,
      type: 'line',
      data: { from: placeOf(line.source, BOX.height), to: placeOf(line.target, 0) },
      source: line.source,
      target: line.target,
      label: line.callers > 0 ? `${line.words.join(' · ')}  ×${line.callers}` : line.words.join(' · '),
      className: line.callers > 0 ? 'edge edge--used' : 'edge',
      style: { strokeWidth: 1 + Math.min(4, Math.log10(1 + line.callers) * 2) },
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, markerUnits: 'userSpaceOnUse' },
      focusable: false,
    }));
  }, [boxes, drawing, passages]);
  return (
    <div
      className="drawing"
      data-testid="flow-drawing"
      role="region"
      aria-label={t('flows.drawingOf', { flow: drawing.flow })}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={theme}
        fitView
        fitViewOptions={{ maxZoom: 1.1, padding: 0.08 }}
        minZoom={0.15}
        nodesConnectable={false}
        deleteKeyCode={null}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, node) => {
          const line = node.data.box.line ?? 0;
          if (line > 0) onLine(line);
        }}
        ariaLabelConfig={{
          'controls.zoomIn.ariaLabel': t('flows.zoomIn'),
          'controls.zoomOut.ariaLabel': t('flows.zoomOut'),
          'controls.fitView.ariaLabel': t('flows.fitView'),
          'node.a11yDescription.default': t('flows.nodeHint'),
          'node.a11yDescription.keyboardDisabled': t('flows.nodeHint'),
        }}
      >
        <Background gap={22} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

/** From the middle of a box's foot to the middle of another's head, wherever the library believes its handles to be. */
function FlowLine({ id, data, label, style, markerEnd }: EdgeProps<Edge<Ends>>) {
  const [path, labelX, labelY] = getBezierPath({
    sourceX: data?.from.x ?? 0,
    sourceY: data?.from.y ?? 0,
    sourcePosition: Position.Bottom,
    targetX: data?.to.x ?? 0,
    targetY: data?.to.y ?? 0,
    targetPosition: Position.Top,
  });
  return (
    <BaseEdge
      id={id}
      path={path}
      label={label}
      labelX={labelX}
      labelY={labelY}
      labelShowBg
      labelBgPadding={[6, 3]}
      style={style ?? {}}
      {...(markerEnd === undefined ? {} : { markerEnd })}
    />
  );
}

function FlowNode({ data }: NodeProps<BoxNode>) {
  const { t, i18n } = useTranslation();
  const localized = useLocalized();
  const { box, figures, inside } = data;
  const type = `flows.types.${box.type}`;
  const word = i18n.exists(type) ? (t as (key: string) => string)(type) : box.type;
  return (
    <div className="box" data-type={box.type} data-entry={box.entry} data-testid={`node-${box.id}`} title={box.text}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <div className="box__name">
        <strong>{localized(box.title, box.type === 'flow' ? box.text : box.id)}</strong>
        <span className="box__type">{word}</span>
      </div>
      {(box.line ?? 0) > 0 && (
        <div className="box__figures">
          <span title={t('flows.callersToday')}>×{figures.callers}</span>
          {figures.averageS !== null && <span title={t('flows.averageStay')}>{clockDuration(figures.averageS)}</span>}
          {figures.hungUp > 0 && (
            <span className="box__hung-up" title={t('flows.hungUpHere')}>
              <PhoneFilled /> {figures.hungUp}
            </span>
          )}
          {inside > 0 && (
            <span className="box__inside" title={t('flows.insideNow')}>
              <TeamOutlined /> {inside}
            </span>
          )}
        </div>
      )}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
