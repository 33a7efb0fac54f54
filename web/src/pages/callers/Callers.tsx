/** What callers left behind: messages, callbacks, faxes, answers of surveys, each a simple list. */

import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';
import { Callbacks } from './Callbacks.tsx';
import './callers.css';
import { Faxes } from './Faxes.tsx';
import { Surveys } from './Surveys.tsx';
import { Voicemails } from './Voicemails.tsx';

const LISTS = { voicemails: Voicemails, callbacks: Callbacks, faxes: Faxes, surveys: Surveys } as const;
type List = keyof typeof LISTS;

export default function Callers() {
  const { t } = useTranslation();
  const { list } = useParams();
  const chosen = (Object.keys(LISTS) as List[]).find((name) => name === list);
  if (chosen === undefined) return <Navigate replace to="/callers/voicemails" />;
  const Chosen = LISTS[chosen];
  return (
    <div className="callers">
      <nav className="callers__tabs" aria-label={t('nav.callers')}>
        {(Object.keys(LISTS) as List[]).map((name) => (
          <NavLink key={name} to={`/callers/${name}`} data-testid={`callers-${name}`}>
            {t(`callers.lists.${name}`)}
          </NavLink>
        ))}
      </nav>
      <section className="callers__list panel" aria-label={t(`callers.lists.${chosen}`)}>
        <Chosen key={chosen} />
      </section>
    </div>
  );
}
