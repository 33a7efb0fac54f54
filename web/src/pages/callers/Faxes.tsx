/** Faxes, received and sent. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callersApi, useFaxes } from '../../api/callers.ts';
import { dateTime } from '../../time/format.ts';
import { Caller, Listing } from './Listing.tsx';

export function Faxes() {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  return (
    <Listing
      label={t('callers.lists.faxes')}
      query={useFaxes(page)}
      columns={[
        t('callers.direction'),
        t('callers.at'),
        t('callers.box'),
        t('records.caller'),
        t('callers.pages'),
        t('callers.state'),
        t('callers.acts'),
      ]}
      row={(fax) => (
        <tr key={fax.id} data-testid={`fax-${fax.id}`}>
          <td>{t(fax.direction === 'sent' ? 'callers.sent' : 'callers.received')}</td>
          <td>{dateTime(fax.at)}</td>
          <td>{fax.box || fax.document}</td>
          <Caller number={fax.caller_number} name={undefined} />
          <td>{fax.pages}</td>
          <td>
            <span className="badge" data-tone={fax.ok ? 'ready' : 'danger'}>
              {fax.ok ? t('callers.complete') : fax.detail || t('callers.incomplete')}
            </span>
          </td>
          <td>
            {fax.size_bytes > 0 && (
              <a href={callersApi.faxUrl(fax.id)} download={`${fax.id}.tif`}>
                {t('records.download')}
              </a>
            )}
          </td>
        </tr>
      )}
      onPage={setPage}
    />
  );
}
