/** Answers of surveys with call and agent, and the figures of each question above them. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAnswers } from '../../api/callers.ts';
import { dateTime } from '../../time/format.ts';
import { Caller, Listing } from './Listing.tsx';

export function Surveys() {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const found = useAnswers(page);
  return (
    <>
      <ul className="callers__figures">
        {found.data?.questions.map(({ survey, question, answers, mean }) => (
          <li key={`${survey} ${question}`}>
            <strong>{mean.toFixed(2)}</strong> {survey} · {question}
            <small>{t('callers.answers', { count: answers })}</small>
          </li>
        ))}
      </ul>
      <Listing
        label={t('callers.lists.surveys')}
        query={found}
        columns={[
          t('callers.at'),
          t('callers.survey'),
          t('callers.question'),
          t('callers.score'),
          t('records.agent'),
          t('records.caller'),
          t('callers.call'),
        ]}
        row={(one) => (
          <tr key={one.id}>
            <td>{dateTime(one.at)}</td>
            <td>{one.survey}</td>
            <td>{one.question}</td>
            <td>{one.score}</td>
            <td>{one.agent?.name ?? '–'}</td>
            <Caller number={one.caller_number} name={undefined} />
            <td>
              <Link to={`/records/${encodeURIComponent(one.call_id)}`}>{t('callers.call')}</Link>
            </td>
          </tr>
        )}
        onPage={setPage}
      />
    </>
  );
}
