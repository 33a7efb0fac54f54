/** Addresses or numbers in one line, between commas or spaces. */

import { useState } from 'react';
import { TextField } from './fields.tsx';
import { parted } from './recipients.ts';

interface Props {
  label: string;
  hint: string;
  error: string | undefined;
  value: readonly string[];
  onChange: (value: string[]) => void;
}

export function RecipientsField({ value, onChange, ...field }: Props) {
  const [text, setText] = useState(value.join(', ')); // as typed: a comma at its end is no recipient yet
  return (
    <TextField
      {...field}
      wide
      value={text}
      onChange={(typed) => {
        setText(typed);
        onChange(parted(typed));
      }}
    />
  );
}
