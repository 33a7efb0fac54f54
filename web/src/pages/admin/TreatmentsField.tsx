/** What a customer's tags do to the call: a head start, another flow, or no call at all. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import { DeleteOutlined, PlusOutlined } from '../../ui/icons.ts';
import { numberOr, type Options, put, stringOr, tree } from './options.ts';

const KNOWN = ['vip', 'elderly', 'complaint', 'arrears', 'blacklist'] as const;

interface Props {
  value: Options;
  errorAt: (path: string) => string | undefined;
  onChange: (value: Options) => void;
}

export function TreatmentsField({ value, errorAt, onChange }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState('');
  const wanted = adding.trim();
  const nameOf = (tag: string): string => t(`tag.${tag}` as 'tag.vip', { defaultValue: tag });
  const add = (): void => {
    if (wanted === '' || wanted in value) return;
    onChange({ ...value, [wanted]: {} });
    setAdding('');
  };
  return (
    <fieldset className="form__group form__overflow" data-testid="treatments">
      <legend className="field-label">{t('desk.settings.treatments')}</legend>
      <small className="form__hint">{t('desk.settings.treatmentsHint')}</small>
      {Object.entries(value).map(([tag, rule]) => (
        <Row
          key={tag}
          tag={tag}
          name={nameOf(tag)}
          rule={tree(rule)}
          error={errorAt(`options.customer_tags.${tag}`)}
          onChange={(changed) => onChange({ ...value, [tag]: changed })}
          onRemove={() => onChange(Object.fromEntries(Object.entries(value).filter(([key]) => key !== tag)))}
        />
      ))}
      <div className="form__row">
        <input
          className="field"
          list="treatment-tags"
          maxLength={40}
          aria-label={t('desk.settings.tag')}
          placeholder={t('desk.settings.tag')}
          value={adding}
          data-testid="treatment-tag"
          onChange={(event) => setAdding(event.target.value)}
        />
        <datalist id="treatment-tags">
          {KNOWN.filter((tag) => !(tag in value)).map((tag) => (
            <option key={tag} value={tag}>
              {nameOf(tag)}
            </option>
          ))}
        </datalist>
        <button
          type="button"
          className="button button--small"
          disabled={wanted === '' || wanted in value}
          data-testid="treatment-add"
          onClick={add}
        >
          <PlusOutlined /> {t('admin.add')}
        </button>
      </div>
    </fieldset>
  );
}

interface RowProps {
  tag: string;
  name: string;
  rule: Options;
  error: string | undefined;
  onChange: (rule: Options) => void;
  onRemove: () => void;
}

function Row({ tag, name, rule, error, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const flows = Object.keys(useReference()?.nodes ?? {});
  const flow = stringOr(rule.flow, '');
  const way = rule.refuse === true ? 'refuse' : rule.flow === undefined ? 'line' : 'flow';
  const head = put({}, 'priority_s', rule.priority_s);
  const ways = { line: head, flow: { ...head, flow: flow || (flows[0] ?? '') }, refuse: { ...head, refuse: true } };
  return (
    <div className="form__row" data-testid={`treatment-${tag}`}>
      <span className="form__row-name">{name}</span>
      <span className="form__with-unit">
        <input
          className="field form__level"
          type="number"
          step="any"
          aria-label={t('desk.settings.headStartOf', { tag: name })}
          data-testid={`treatment-${tag}-head`}
          value={numberOr(rule.priority_s, 0)}
          onChange={(event) => onChange(put(rule, 'priority_s', event.target.valueAsNumber || 0, 0))}
        />
        <span className="quiet">{t('admin.unitSeconds')}</span>
      </span>
      <select
        className="field"
        aria-label={t('desk.settings.wayOf', { tag: name })}
        data-testid={`treatment-${tag}-way`}
        value={way}
        onChange={(event) => onChange(ways[event.target.value as keyof typeof ways])}
      >
        {(['line', 'flow', 'refuse'] as const).map((one) => (
          <option key={one} value={one}>
            {t(`desk.settings.ways.${one}`)}
          </option>
        ))}
      </select>
      {way === 'flow' && (
        <select
          className="field"
          aria-label={t('desk.settings.flowOf', { tag: name })}
          value={flow}
          onChange={(event) => onChange({ ...head, flow: event.target.value })}
        >
          {[...new Set([...flows, flow])].map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={t('desk.settings.removeTag', { tag: name })}
        onClick={onRemove}
      >
        <DeleteOutlined />
      </button>
      {error !== undefined && (
        <small className="form__hint form__hint--error" role="alert">
          {t('admin.wrong', { message: error })}
        </small>
      )}
    </div>
  );
}
