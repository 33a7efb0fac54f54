/** Customers from Excel: first what it would do, with every problem by row; then it is written. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deskApi, type ImportReport } from '../../../api/desk.ts';
import { useReadAgain } from '../../../api/deskQueries.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { CheckCircleFilled, WarningFilled } from '../../../ui/icons.ts';
import { Labelled, Refusal } from '../form.tsx';
import { useSend } from '../useSend.ts';
import { useDeskWord } from '../words.ts';

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<ImportReport | null>(null);
  const { busy, problem, send } = useSend();
  const look = async (chosen: File | null, write: boolean): Promise<void> => {
    if (chosen === null) return;
    await send(async () => setReport(await deskApi.importCustomers(chosen, write)));
    if (write) readAgain('customer');
  };
  const mayWrite = report !== null && !report.done && report.new + report.changed > 0;
  return (
    <Dialog
      wide
      open
      title={t('desk.customers.importTitle')}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.close')}
          </button>
          <button
            type="button"
            className="button button--primary"
            disabled={!mayWrite || busy}
            data-pending={busy}
            data-testid="import-write"
            onClick={() => void look(file, true)}
          >
            {t('desk.customers.write')}
          </button>
        </>
      }
    >
      <div className="desk-stack">
        <p className="quiet">{t('desk.customers.importHelp')}</p>
        <Labelled label={t('desk.customers.chooseFile')}>
          <input
            className="field desk-file"
            type="file"
            accept=".xlsx"
            data-testid="import-file"
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              setFile(chosen);
              setReport(null);
              void look(chosen, false);
            }}
          />
        </Labelled>
        <Refusal text={problem} />
        {report && <Report report={report} />}
      </div>
    </Dialog>
  );
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  return (
    <div className="desk-stack" data-testid="import-report">
      <p>
        {report.done && (
          <span className="desk-due" data-tone="ready">
            <CheckCircleFilled /> {t('desk.customers.written', { new: report.new, changed: report.changed })}
          </span>
        )}
        {!report.done &&
          t('desk.customers.rows', { rows: report.rows, new: report.new, changed: report.changed, same: report.same })}
      </p>
      {report.unknown_columns.length > 0 && (
        <p className="desk-due" data-tone="ringing">
          {t('desk.customers.unknownColumns', { columns: report.unknown_columns.join('、') })}
        </p>
      )}
      {report.problems.length > 0 && (
        <>
          <p className="desk-due" data-tone="danger">
            <WarningFilled /> {t('desk.customers.problems', { count: report.problems.length })}
          </p>
          <ul
            className="desk-rows desk-problems"
            tabIndex={0}
            aria-label={t('desk.customers.problems', { count: report.problems.length })}
          >
            {report.problems.map(({ row, field, problem }) => (
              <li key={`${row}:${field}:${problem}`}>
                <strong>{t('desk.customers.row', { row })}</strong>
                <span>{word('field', field)}</span>
                <span>{word('importProblem', problem)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {!report.done && report.preview.length > 0 && (
        <>
          <strong>{t('desk.customers.preview')}</strong>
          <div className="table-box" tabIndex={0} role="group" aria-label={t('desk.customers.preview')}>
            <table className="table">
              <tbody>
                {report.preview.slice(0, 8).map((line, at) => (
                  <tr key={at}>
                    <td>{line.name}</td>
                    <td>{line.customer_number}</td>
                    <td>{line.numbers.join(' ')}</td>
                    <td>{line.address}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}
