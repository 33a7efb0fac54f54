/** The report as a file, and on paper. */

import { useTranslation } from 'react-i18next';
import { useDownload } from '../../api/download.ts';
import { FileProgress } from '../../ui/FileProgress.tsx';
import { DownloadOutlined, PrinterOutlined } from '../../ui/icons.ts';
import { type Asked, queryOf } from './asked.ts';

export function Export({ asked }: { asked: Asked }) {
  const { t, i18n } = useTranslation();
  const download = useDownload();
  const fetchAs = (format: 'xlsx' | 'csv'): void => {
    const query = new URLSearchParams(Object.entries(queryOf(asked)).map(([name, value]) => [name, String(value)]));
    query.set('format', format);
    query.set('language', i18n.language === 'en' ? 'en' : 'zh-CN');
    download.start(`/api/reports/${asked.report}/export?${query.toString()}`, `${asked.report}.${format}`);
  };
  return (
    <div className="reports__export">
      <FileProgress {...download} />
      <button type="button" className="button button--small" onClick={() => fetchAs('xlsx')} data-testid="report-xlsx">
        <DownloadOutlined /> Excel
      </button>
      <button type="button" className="button button--small" onClick={() => fetchAs('csv')}>
        <DownloadOutlined /> CSV
      </button>
      <button type="button" className="button button--small" onClick={() => print()}>
        <PrinterOutlined /> {t('reports.print')}
      </button>
    </div>
  );
}
