/** Where callers go at each limit of a queue. */

import { useTranslation } from 'react-i18next';
import type { QueueSetup } from '../../api/config.ts';
import { useReference } from '../../api/queries.ts';
import { useLocalized } from '../../i18n/words.ts';
import { type Options, put, stringOr, tree } from './options.ts';

const LIMITS = ['max_waiting', 'max_wait', 'no_agents', 'closed', 'forecast'] as const;
const ACTIONS = ['none', 'queue', 'flow', 'voicemail', 'callback'] as const;

interface Props {
  value: Options;
  queues: QueueSetup[];
  errorAt: (path: string) => string | undefined;
  onChange: (value: Options) => void;
}

export function OverflowField({ value, queues, errorAt, onChange }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const flows = Object.keys(useReference()?.nodes ?? {});
  return (
    <fieldset className="form__group form__overflow">
      <legend className="field-label">{t('admin.queue.label.overflow')}</legend>
      <small className="form__hint">{t('admin.queue.hint.overflow')}</small>
      {LIMITS.map((limit) => {
        const rule = tree(value[limit]);
        const action = stringOr(rule.action, 'none');
        const error = errorAt(`options.overflow.${limit}`);
        const name = t(`limit.${limit}`);
        return (
          <div key={limit} className="form__row" data-testid={`overflow-${limit}`}>
            <span className="form__row-name">{name}</span>
            <select
              className="field"
              aria-label={t('admin.queue.actionAt', { limit: name })}
              value={action}
              onChange={(event) =>
                onChange(put(value, limit, event.target.value === 'none' ? undefined : { action: event.target.value }))
              }
            >
              {ACTIONS.map((one) => (
                <option key={one} value={one}>
                  {t(`admin.queue.actions.${one}`)}
                </option>
              ))}
            </select>
            {action === 'queue' && (
              <select
                className="field"
                aria-label={t('admin.queue.targetAt', { limit: name })}
                value={stringOr(rule.target, '')}
                onChange={(event) => onChange(put(value, limit, { action, target: event.target.value }))}
              >
                <option value="">–</option>
                {queues.map((queue) => (
                  <option key={queue.id} value={queue.id}>
                    {localized(queue.name, queue.id)}
                  </option>
                ))}
              </select>
            )}
            {action !== 'queue' && action !== 'none' && (
              <input
                className="field"
                list="known-flows"
                aria-label={t('admin.queue.targetAt', { limit: name })}
                placeholder={action === 'flow' ? '' : action}
                value={stringOr(rule.target, '')}
                onChange={(event) => onChange(put(value, limit, put({ action }, 'target', event.target.value, '')))}
              />
            )}
            {error !== undefined && <small className="form__hint--error">{t('admin.wrong', { message: error })}</small>}
          </div>
        );
      })}
      <datalist id="known-flows">
        {flows.map((flow) => (
          <option key={flow} value={flow} />
        ))}
      </datalist>
    </fieldset>
  );
}
