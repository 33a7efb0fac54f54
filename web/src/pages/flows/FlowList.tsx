/** All flow files: state, dialled numbers, who changed them last, today's callers. */

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { flowAddress } from './address.ts';
import type { FlowFileRow, FlowOverview } from '../../api/types.ts';
import { shortInstant } from '../../time/format.ts';
import { useClock } from '../../time/clock.ts';
import {
  BranchesOutlined,
  EditFilled,
  HistoryOutlined,
  NumberOutlined,
  PhoneFilled,
  WarningFilled,
} from '../../ui/icons.ts';

interface Props {
  overview: FlowOverview;
  chosen: string | undefined;
  history: boolean;
  stale: boolean;
  editable: boolean;
}

export function FlowList({ overview, chosen, history, stale }: Props) {
  const { t } = useTranslation();
  const { release, files, complete, nodes } = overview;
  const refused = nodes.filter((node) => node.problem !== '');
  return (
    <nav className={stale ? 'flow-list stale' : 'flow-list'} aria-label={t('flows.title')}>
      <h2 className="panel__title">
        {t('flows.title')}
        <small>
          {release.number > 0 ? t('flows.releaseNumber', { number: release.number }) : t('flows.fromFiles')}
        </small>
      </h2>
      {!complete && (
        <p className="flows__note walk__problem" role="status">
          <WarningFilled /> {t('error.database_away')}
        </p>
      )}
      {refused.map((node) => (
        <p key={node.node} className="flows__note walk__problem" role="alert">
          <WarningFilled /> {t('flows.nodeRefused', { node: node.node, number: node.number })}{' '}
          <code>{node.problem}</code>
        </p>
      ))}
      <ul>
        {files.map((row) => (
          <FlowRow key={row.file} row={row} chosen={row.file === chosen} />
        ))}
        <li>
          <Link
            className="flow-row"
            to="/flows?view=history"
            aria-current={history ? 'page' : undefined}
            data-testid="history"
          >
            <strong>
              <HistoryOutlined /> {t('flows.history')}
            </strong>
          </Link>
        </li>
      </ul>
    </nav>
  );
}

function FlowRow({ row, chosen }: { row: FlowFileRow; chosen: boolean }) {
  const { t } = useTranslation();
  const today = useClock((clock) => Math.floor(clock.now / 60)) * 60;
  const lines = row.file === 'lines.yaml';
  return (
    <li>
      <Link
        className="flow-row"
        to={flowAddress(row.file)}
        aria-current={chosen ? 'page' : undefined}
        data-testid={`flow-${row.file}`}
        data-draft={row.draft !== null}
      >
        <strong>
          {lines ? <NumberOutlined /> : <BranchesOutlined />} {lines ? t('flows.lines') : row.flow || row.file}
        </strong>
        {row.draft !== null && (
          <span className="status" data-tone="break">
            <EditFilled /> {t('flows.draft')} {row.draft.author}
          </span>
        )}
        <small>
          {row.numbers.length > 0 && <span>{row.numbers.join(' ')}</span>}
          {!lines && row.hash !== '' && (
            <span title={t('flows.callersToday')}>
              <PhoneFilled /> {row.callers}
              {row.inside > 0 && ` · ${t('flows.inside', { count: row.inside })}`}
              {row.hung_up > 0 && ` · ${t('flows.hungUp', { count: row.hung_up })}`}
            </span>
          )}
          {row.changed_by !== '' && row.changed_at !== null && (
            <span>
              {row.changed_by} {shortInstant(row.changed_at, today)}
            </span>
          )}
        </small>
      </Link>
    </li>
  );
}
