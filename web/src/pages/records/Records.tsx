/** Finished calls: search, and beside the list one call with its course and its recording. */

import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useCalls } from '../../api/queries.ts';
import { maySupervise, useSession } from '../../api/session.ts';
import { CallDetail } from './CallDetail.tsx';
import { CallList } from './CallList.tsx';
import { FilterBar } from './FilterBar.tsx';
import { ExportCalls } from './ExportCalls.tsx';
import { SavedSearches } from './SavedSearches.tsx';
import { type Filters, filtersFrom, queryOf, searchOf } from './filters.ts';
import { useAddress } from '../../ui/useAddress.ts';
import './records.css';

export default function Records() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { callId } = useParams();
  const [search, setSearch] = useAddress();
  const navigate = useNavigate();
  const filters = filtersFrom(search);
  const calls = useCalls(queryOf(filters));

  const change = (part: Partial<Filters>): void => {
    // Any other filter begins at its first page again.
    setSearch((now) => searchOf({ ...filtersFrom(now), page: 1, ...part }));
  };
  const address = (id: string | null): string => {
    const query = searchOf(filters).toString();
    return `/records${id === null ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
  };

  return (
    <div className="records" data-detail={callId !== undefined}>
      <section className="records__list panel" aria-label={t('records.title')}>
        <FilterBar
          filters={filters}
          onChange={change}
          actions={
            <>
              <SavedSearches filters={filters} onChange={change} />
              {maySupervise(user.role) && <ExportCalls filters={filters} />}
            </>
          }
        />
        <CallList
          calls={calls}
          filters={filters}
          chosen={callId}
          addressOf={address}
          onPage={(page) => change({ page })}
        />
      </section>
      {callId !== undefined && <CallDetail key={callId} callId={callId} onClose={() => void navigate(address(null))} />}
    </div>
  );
}
