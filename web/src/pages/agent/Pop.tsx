/** Who is calling, what for, and what happened before. Each kind of match has its own look. */

import {
  BranchesOutlined,
  ClockCircleOutlined,
  EnvironmentOutlined,
  EyeInvisibleOutlined,
  HistoryOutlined,
  LoadingOutlined,
  NumberOutlined,
  QuestionCircleOutlined,
  TeamOutlined,
} from '../../ui/icons.ts';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReference } from '../../api/queries.ts';
import type { CustomerCard, LastContact, ScreenPop } from '../../api/types.ts';
import { useQueue } from '../../feed/store.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { clockDuration, shortInstant } from '../../time/format.ts';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { CallerOrders } from '../desk/call/CallerOrders.tsx';
import { OutsideCards } from './OutsideCards.tsx';

export function Pop({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  return (
    <section
      className="pop"
      aria-label={t('pop.label')}
      data-testid="pop"
      data-call-id={pop.call_id}
      data-state={pop.state}
    >
      <Caller pop={pop} />
      <Customer pop={pop} />
      <OutsideCards cards={pop.outside} />
      <CallerOrders pop={pop} />
      <div className="pop__columns">
        <Journey pop={pop} />
        <LastContacts contacts={pop.last_contacts} />
      </div>
    </section>
  );
}

function Caller({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const queue = useQueue(pop.queue_id);
  const line = reference?.lines[pop.dialled];
  const lineName = typeof line === 'string' ? line : localized(line, pop.dialled);
  return (
    <header className="caller panel" data-tone={pop.state === 'ringing' ? 'ringing' : 'neutral'}>
      <div className="caller__who">
        <span className="caller__number" data-testid="pop-number">
          {pop.caller_number ? <PhoneNumber number={pop.caller_number} /> : t('pop.anonymous')}
        </span>
        <span className="caller__region" data-testid="pop-region">
          <EnvironmentOutlined /> {localized(pop.region) || t('pop.unknownRegion')}
        </span>
        {pop.caller_name !== '' && pop.caller_name !== pop.caller_number && (
          <span className="caller__name" data-testid="pop-name">
            {t('pop.calledName', { name: pop.caller_name })}
          </span>
        )}
      </div>
      <dl className="caller__facts">
        <Fact label={t('pop.queue')}>{localized(queue?.name, pop.queue_id) || '–'}</Fact>
        <Fact label={t('pop.waited')} testId="pop-wait">
          {clockDuration(pop.waited_s)}
        </Fact>
        <Fact label={t('pop.line')}>{lineName || pop.dialled}</Fact>
      </dl>
    </header>
  );
}

function Fact({ label, children, testId }: { label: string; children: ReactNode; testId?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}

function Customer({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  if (pop.customer) return <KnownCustomer card={pop.customer} matches={pop.matches} />;
  if (pop.matches > 1) {
    const title = t('pop.several', { count: pop.matches });
    return <Unidentified kind="several" Icon={TeamOutlined} title={title} help={t('pop.severalHelp')} />;
  }
  if (pop.caller_number === '') {
    return (
      <Unidentified
        kind="anonymous"
        Icon={EyeInvisibleOutlined}
        title={t('pop.anonymous')}
        help={t('pop.anonymousHelp')}
      />
    );
  }
  if (pop.identified !== 'done') {
    const failed = pop.identified === 'failed';
    return (
      <Unidentified
        kind={pop.identified}
        Icon={failed ? QuestionCircleOutlined : LoadingOutlined}
        title={t(failed ? 'pop.lookupFailed' : 'pop.looking')}
        help={t(failed ? 'pop.lookupFailedHelp' : 'pop.lookingHelp')}
      />
    );
  }
  return (
    <Unidentified kind="unknown" Icon={QuestionCircleOutlined} title={t('pop.noMatch')} help={t('pop.noMatchHelp')} />
  );
}

interface UnidentifiedProps {
  kind: 'several' | 'anonymous' | 'unknown' | 'looking' | 'failed';
  Icon: ComponentType;
  title: string;
  help: string;
}

function Unidentified({ kind, Icon, title, help }: UnidentifiedProps) {
  return (
    <div className="customer customer--unidentified panel" data-testid="pop-customer" data-match={kind}>
      <span className="customer__mark">
        <Icon />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{help}</p>
      </div>
    </div>
  );
}

const ALARMING_TAGS = new Set(['blacklist', 'complaint', 'arrears']);

function KnownCustomer({ card, matches }: { card: CustomerCard; matches: number }) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  return (
    <div className="customer panel" data-testid="pop-customer" data-match="one" data-customer-id={card.id}>
      <div className="customer__head">
        <h2>{card.name}</h2>
        {card.tags?.map((tag) => (
          <span key={tag} className="badge" data-tone={ALARMING_TAGS.has(tag) ? 'danger' : 'wrap_up'}>
            {codeWord('tag', tag)}
          </span>
        ))}
        {matches > 1 && (
          <span className="badge" data-tone="ringing">
            <TeamOutlined /> {t('pop.several', { count: matches })}
          </span>
        )}
      </div>
      <dl className="customer__facts">
        <Fact label={t('pop.customerNumber')}>{card.customer_number || '–'}</Fact>
        <Fact label={t('pop.meterNumber')}>{card.meter_number || '–'}</Fact>
        <Fact label={t('pop.address')}>{card.address || '–'}</Fact>
      </dl>
      {card.notes && (
        <p className="customer__notes">
          <strong>{t('pop.notes')}</strong> {card.notes}
        </p>
      )}
    </div>
  );
}

function Journey({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const codeWord = useCodeWord();
  return (
    <section className="panel" aria-labelledby="journey-title">
      <h2 className="panel__title" id="journey-title">
        <span>
          <BranchesOutlined /> {t('pop.path')}
        </span>
      </h2>
      <ol className="path" data-testid="pop-path">
        {pop.path.length === 0 && <li className="quiet">{t('pop.noPath')}</li>}
        {pop.path.map(({ flow, node, at }) => (
          <li key={`${node}:${at}`} className="path__node">
            {localized(reference?.nodes[flow]?.[node], node)}
          </li>
        ))}
      </ol>
      <h3 className="entered__title">
        <NumberOutlined /> {t('pop.entered')}
      </h3>
      {pop.entered.length === 0 ? (
        <p className="entered quiet" data-testid="pop-entered">
          {t('pop.nothingEntered')}
        </p>
      ) : (
        <dl className="entered" data-testid="pop-entered">
          {pop.entered.map(({ name, value }) => (
            <div key={name}>
              <dt>{codeWord('entered', name)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function LastContacts({ contacts }: { contacts: LastContact[] }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  const reference = useReference();
  const dispositionName = (code: string): string =>
    localized(reference?.dispositions.find((one) => one.code === code)?.name, code);
  return (
    <section className="panel" aria-labelledby="contacts-title">
      <h2 className="panel__title" id="contacts-title">
        <span>
          <HistoryOutlined /> {t('pop.lastContacts')}
        </span>
        {contacts.length > 0 && <span>{contacts.length}</span>}
      </h2>
      {contacts.length === 0 && <p className="quiet contacts__none">{t('pop.noContacts')}</p>}
      <ul className="contacts">
        {contacts.map((contact) => (
          <li key={contact.call_id}>
            <Link to={`/records/${contact.call_id}`} className="contact">
              <time>
                <ClockCircleOutlined /> {shortInstant(contact.at, serverNow())}
              </time>
              <span className="contact__what">
                {contact.disposition
                  ? dispositionName(contact.disposition)
                  : codeWord('outcome', contact.outcome ?? '')}
              </span>
              <span className="contact__who">{contact.agent_name ?? ''}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
