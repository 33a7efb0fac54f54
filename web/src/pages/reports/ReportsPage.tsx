/** Reports: one of the catalogue, for a span, by intervals and groups, beside another span; as chart, table and file. */

import { useTranslation } from 'react-i18next';
import { useReport, useReportCatalogue } from '../../api/reports.ts';
import { useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { dateTime } from '../../time/format.ts';
import { AntTheme } from '../../ui/AntTheme.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { counted } from './among.ts';
import { type Asked, askedFrom, queryOf, searchOf } from './asked.ts';
import { Controls } from './Controls.tsx';
import { Export } from './Export.tsx';
import type { ReportView } from './figures.ts';
import { Formulas } from './Formulas.tsx';
import { ReportChart } from './ReportChart.tsx';
import { ReportTable } from './ReportTable.tsx';
import { Schedules } from './Schedules.tsx';
import { Staffing } from './Staffing.tsx';
import { Summary } from './Summary.tsx';
import { useAddress } from '../../ui/useAddress.ts';
import './reports.css';

/** What stands among the reports without being one. */
const BESIDE = ['staffing', 'schedules'] as const;

export default function ReportsPage() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const [search, setSearch] = useAddress();
  const catalogue = useReportCatalogue();
  // An address may name filters that its report does not count; another report may not count those of this one.
  const ofReport = (values: Asked): Asked => counted(values, catalogue.data?.reports ?? []);
  const asked = ofReport(askedFrom(search, serverNow()));
  const kind = catalogue.data?.reports.find(({ id }) => id === asked.report);
  const report = useReport(asked.report, queryOf(asked), kind !== undefined);
  const change = (part: Partial<Asked>): void =>
    setSearch((now) => searchOf(ofReport({ ...ofReport(askedFrom(now, serverNow())), ...part })));

  if (catalogue.isPending) return <LoadingState />;
  if (catalogue.error) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />;
  return (
    <AntTheme>
      <div className="reports">
        <nav className="reports__kinds panel" aria-label={t('reports.choose')}>
          {catalogue.data.reports.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              className="reports__kind"
              aria-current={id === asked.report ? 'page' : undefined}
              data-testid={`report-${id}`}
              // What it is broken down by, and the chart's figure, are of the report itself.
              onClick={() => change({ report: id, by: '', figure: '' })}
            >
              {localized(name, id)}
            </button>
          ))}
          {BESIDE.map((id) => (
            <button
              key={id}
              type="button"
              className="reports__kind reports__kind--beside"
              aria-current={id === asked.report ? 'page' : undefined}
              data-testid={`report-${id}`}
              onClick={() => change({ report: id, by: '', figure: '' })}
            >
              {t(`reports.${id}.title`)}
            </button>
          ))}
        </nav>
        <section className="reports__main panel" aria-label={localized(kind?.name, asked.report)}>
          {asked.report === 'staffing' ? (
            <Staffing />
          ) : asked.report === 'schedules' ? (
            <Schedules catalogue={catalogue.data} among={asked} />
          ) : kind === undefined ? (
            <EmptyState text={t('reports.unknown')} />
          ) : (
            <>
              <Controls asked={asked} kind={kind} catalogue={catalogue.data} onChange={change} />
              <div className="reports__body" tabIndex={0} role="region" aria-label={t('reports.result')}>
                {report.isPending && <LoadingState />}
                {report.error && <ErrorState error={report.error} onRetry={() => void report.refetch()} />}
                {report.data && !report.error && (
                  <div className={report.isPlaceholderData ? 'stale' : undefined}>
                    <header className="reports__head">
                      <h2>{localized(kind.name, kind.id)}</h2>
                      <p>
                        {dateTime(report.data.part.since)} – {dateTime(report.data.part.until)}
                        {' · '}
                        {report.data.timezone}
                      </p>
                      <Export asked={asked} />
                    </header>
                    <Content view={report.data} asked={asked} onChange={change} />
                  </div>
                )}
              </div>
            </>
          )}
        </section>
      </div>
    </AntTheme>
  );
}

interface ContentProps {
  view: ReportView;
  asked: Asked;
  onChange: (part: Partial<Asked>) => void;
}

function Content({ view, asked, onChange }: ContentProps) {
  const { t } = useTranslation();
  const figure = view.columns.find(({ id }) => id === asked.figure) ?? view.columns[0];
  if (figure === undefined) return <EmptyState text={t('reports.nothing')} />;
  return (
    <>
      <Summary view={view} chosen={figure.id} onChoose={(id) => onChange({ figure: id })} />
      {view.part.rows.length === 0 ? (
        <EmptyState text={t('reports.nothing')} />
      ) : (
        <>
          <ReportChart view={view} figure={figure} />
          <ReportTable view={view} />
        </>
      )}
      <Formulas view={view} />
    </>
  );
}
