/** Exactly the calls that the filter shows, as a file. */

import { useTranslation } from 'react-i18next';
import { useDownload } from '../../api/download.ts';
import { FileProgress } from '../../ui/FileProgress.tsx';
import { DownloadOutlined } from '../../ui/icons.ts';
import { criteriaOf, type Filters } from './filters.ts';

const FORMATS = { xlsx: 'Excel', csv: 'CSV' } as const;

export function ExportCalls({ filters }: { filters: Filters }) {
  const { t, i18n } = useTranslation();
  const download = useDownload();
  const fetchAs = (format: keyof typeof FORMATS): void => {
    const query = new URLSearchParams(
      Object.entries(criteriaOf(filters)).map(([name, value]) => [name, String(value)]),
    );
    query.set('format', format);
    query.set('language', i18n.language === 'en' ? 'en' : 'zh-CN');
    download.start(`/api/calls/export?${query.toString()}`, `${t('records.title')}.${format}`);
  };
  return (
    <span className="filters__export">
      {(['xlsx', 'csv'] as const).map((format) => (
        <button
          key={format}
          type="button"
          className="button button--small"
          data-testid={`calls-${format}`}
          onClick={() => fetchAs(format)}
        >
          <DownloadOutlined /> {FORMATS[format]}
        </button>
      ))}
      <FileProgress {...download} />
    </span>
  );
}
