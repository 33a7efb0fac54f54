/** Where to: one search over colleagues, queues, flows and numbers outside; arrows and Enter, or one click. */

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference, useTargets } from '../../../api/queries.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { AgentStateBadge } from '../../../ui/AgentStateBadge.tsx';
import { BranchesOutlined, CloseOutlined, PhoneFilled, TeamOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { Timer } from '../../../ui/Timer.tsx';
import { type PanelMode, kindsOf, type TargetRow, targetRows } from './targetRows.ts';

interface Props {
  mode: PanelMode;
  /** Ways between which one may still choose; none: the title stands alone. */
  modes: readonly PanelMode[];
  onMode: (mode: PanelMode) => void;
  onChoose: (row: TargetRow) => void;
  onClose: () => void;
}

export function TargetPanel({ mode, modes, onMode, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const { data, error, refetch } = useTargets({ live: true });
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState('');
  const box = useRef<HTMLElement>(null);

  // The panel was asked for by its own button or key: here, and only here, the focus may go to the search.
  useEffect(() => {
    box.current?.querySelector('input')?.focus();
  }, []);

  const rows = data
    ? targetRows(data, mode, search, shown, {
        queue: (id, name) => localized(name, id),
        flow: (id, title) => localized(title, id),
        team: (id) => localized(reference?.teams[id], id),
        outside: (number) => t('targets.outside', { number }),
      })
    : [];

  const move = (step: number): void => {
    const stops = [...(box.current?.querySelectorAll<HTMLElement>('input, .target:not(:disabled)') ?? [])];
    const at = stops.findIndex((stop) => stop === document.activeElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  };

  return (
    <section
      ref={box}
      className="targets panel"
      aria-label={t(`targets.title.${mode}`)}
      data-testid="targets"
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') onClose();
        else if (event.key === 'ArrowDown') move(1);
        else if (event.key === 'ArrowUp') move(-1);
        else return;
        event.preventDefault();
      }}
    >
      <header className="targets__head">
        <span className="targets__modes" role="group" aria-label={t('targets.how')}>
          {modes.map((one) => (
            <button
              key={one}
              type="button"
              className="button button--small"
              aria-pressed={one === mode}
              onClick={() => onMode(one)}
            >
              {t(`targets.title.${one}`)}
            </button>
          ))}
        </span>
        <input
          className="field"
          type="search"
          data-testid="target-search"
          aria-label={t('targets.search')}
          placeholder={t(kindsOf(mode).includes('number') ? 'targets.searchOrNumber' : 'targets.search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            const [only, ...others] = rows.filter(({ enabled }) => enabled);
            if (event.key !== 'Enter' || event.nativeEvent.isComposing || only === undefined || others.length > 0)
              return;
            event.preventDefault();
            onChoose(only);
          }}
        />
        {data && kindsOf(mode).includes('number') && data.shown_numbers.length > 1 && (
          <select
            className="field targets__shown"
            aria-label={t('targets.shown')}
            value={shown || data.shown_numbers[0]}
            onChange={(event) => setShown(event.target.value)}
          >
            {data.shown_numbers.map((number) => (
              <option key={number}>{number}</option>
            ))}
          </select>
        )}
        <button type="button" className="icon-button" aria-label={t('common.close')} onClick={onClose}>
          <CloseOutlined />
        </button>
      </header>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingState />}
      {data && rows.length === 0 && <EmptyState text={t('targets.nobody')} />}
      <ul className="targets__list" aria-label={t('targets.list')}>
        {rows.map((row) => (
          <li key={row.key}>
            <button
              type="button"
              className="target"
              data-testid={`target-${row.key}`}
              disabled={!row.enabled}
              onClick={() => onChoose(row)}
            >
              <span className="target__name">
                {row.kind === 'queue' && <TeamOutlined />}
                {row.kind === 'flow' && <BranchesOutlined />}
                {row.kind === 'number' && <PhoneFilled />}
                {row.name}
              </span>
              <span className="target__detail">{row.detail}</span>
              <span className="target__state">
                {row.state && <AgentStateBadge state={row.state} />}
                {row.since !== undefined && <Timer since={row.since} />}
                {row.waiting !== undefined && t('targets.queueState', { waiting: row.waiting, ready: row.ready ?? 0 })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
