/** The file's text with the checker's messages at the right lines. */

import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { FlowError } from '../../api/types.ts';
import { CheckCircleFilled, CloseCircleFilled } from '../../ui/icons.ts';
import { completion, editorExtensions, goToLine, gutter, showErrors, wordsOf } from './editor.ts';

interface Props {
  file: string;
  text: string;
  editable: boolean;
  errors: readonly FlowError[] | undefined;
  line: number | null;
  onWrite: (text: string) => void;
}

export function Source({ file, text, editable, errors, line, onWrite }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const write = useRef(onWrite);
  const first = useRef(text);
  const kind = file === 'lines.yaml' ? 'lines' : 'flow';
  const schema = useQuery({
    queryKey: ['flow-schema', kind],
    queryFn: () => api.flowSchema(kind),
    staleTime: Infinity,
  }).data;

  useEffect(() => {
    write.current = onWrite;
  });

  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          ...editorExtensions(t('flows.sourceOf', { file }), !editable),
          gutter,
          completion(wordsOf(schema?.json_schema)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) write.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      first.current = made.state.doc.toString();
      made.destroy();
    };
  }, [file, editable, schema, t]);

  useEffect(() => {
    if (view.current && errors)
      showErrors(
        view.current,
        errors.filter((error) => error.file === file),
      );
  }, [errors, file, schema]);

  useEffect(() => {
    if (view.current && line !== null && line > 0) goToLine(view.current, line);
  }, [line, schema]);

  return (
    <div className="source">
      <div ref={place} className="source__text" data-testid="flow-source" />
      <Messages errors={errors} file={file} onGo={(to) => view.current && goToLine(view.current, to)} />
    </div>
  );
}

interface MessagesProps {
  errors: readonly FlowError[] | undefined;
  file: string;
  onGo: (line: number) => void;
}

function Messages({ errors, file, onGo }: MessagesProps) {
  const { t } = useTranslation();
  if (errors === undefined) return <p className="source__messages quiet">{t('flows.checking')}</p>;
  if (errors.length === 0) {
    return (
      <p className="source__messages" data-testid="flow-checked" data-errors={0} role="status">
        <span className="status" data-tone="ready">
          <CheckCircleFilled /> {t('flows.noErrors')}
        </span>
      </p>
    );
  }
  return (
    <ul className="source__messages" data-testid="flow-checked" data-errors={errors.length} role="status">
      {errors.map((error) => (
        <li key={`${error.file}:${error.line}:${error.column}:${error.message}`}>
          <button
            type="button"
            className="message"
            disabled={error.file !== file}
            onClick={() => onGo(error.line)}
            data-tone="danger"
          >
            <CloseCircleFilled />
            <code>
              {error.file}:{error.line}:{error.column}
            </code>
            <span>
              {error.message}
              {error.hint !== '' && <em> {error.hint}</em>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
