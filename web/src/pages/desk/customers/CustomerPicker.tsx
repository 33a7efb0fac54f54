/** Finds a customer while somebody types, and shows the one that was chosen. */

import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerLine } from '../../../api/desk.ts';
import { useCustomers } from '../../../api/deskQueries.ts';
import { CloseOutlined } from '../../../ui/icons.ts';

interface Props {
  id: number | null;
  name: string;
  onChange: (customer: CustomerLine | null) => void;
  label?: string;
}

/** `value` after it has rested: a search per letter would ask for nothing. */
export function useRested(value: string, rest_ms = 200): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), rest_ms);
    return () => clearTimeout(timer);
  }, [value, rest_ms]);
  return rested;
}

export function CustomerPicker({ id, name, onChange, label }: Props) {
  const { t } = useTranslation();
  const inputId = useId();
  const [words, setWords] = useState('');
  const found = useCustomers(useRested(words));
  const title = label ?? t('desk.field.customer');
  if (id !== null) {
    return (
      <div className="desk-field">
        <span className="field-label">{title}</span>
        <span className="desk-picked">
          {name || `#${id}`}
          <button
            type="button"
            className="icon-button"
            aria-label={t('desk.orders.clear')}
            onClick={() => onChange(null)}
          >
            <CloseOutlined />
          </button>
        </span>
      </div>
    );
  }
  return (
    <div className="desk-field desk-picker">
      <label className="field-label" htmlFor={inputId}>
        {title}
      </label>
      <input
        id={inputId}
        className="field"
        type="search"
        autoComplete="off"
        value={words}
        placeholder={t('desk.form.findCustomer')}
        data-testid="customer-picker"
        onChange={(event) => setWords(event.target.value)}
      />
      {words.trim() !== '' && found.data && found.data.length > 0 && (
        <ul className="desk-picker__found">
          {found.data.slice(0, 8).map((customer) => (
            <li key={customer.id}>
              <button
                type="button"
                data-testid={`pick-${customer.id}`}
                onClick={() => {
                  setWords('');
                  onChange(customer);
                }}
              >
                <strong>{customer.name}</strong> {customer.customer_number}
                <small>
                  {customer.numbers.join(' ')} {customer.address}
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
