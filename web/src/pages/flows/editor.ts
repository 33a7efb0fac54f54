/** CodeMirror as these pages use it: YAML, the checker's marks, words of the flow language; colours follow the theme. */

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import type { FlowError } from '../../api/types.ts';

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'var(--surface)', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace' },
  '.cm-gutters': { backgroundColor: 'var(--surface-2)', color: 'var(--text-3)', borderColor: 'var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--accent-soft)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--line-strong)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', borderColor: 'var(--line-strong)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--text)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ready)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-3)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--wrap_up)' },
]);

/** `label` is read by screen readers; Escape leaves the field, so that Tab may indent in it. */
export function editorExtensions(label: string, readOnly: boolean): Extension[] {
  return [
    basicSetup,
    yaml(),
    look,
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    EditorState.readOnly.of(readOnly),
    EditorState.tabSize.of(2),
  ];
}

/** Words of the flow language, from the server's JSON schema, and the nodes of this very text. */
export function completion(words: readonly string[]): Extension {
  return autocompletion({
    override: [
      (context: CompletionContext): CompletionResult | null => {
        const word = context.matchBefore(/[\w?]+/);
        if (word === null && !context.explicit) return null;
        const nodes = [...context.state.doc.toString().matchAll(/^ {2}([\w?]+):/gm)].map((match) => match[1] ?? '');
        return {
          from: word?.from ?? context.pos,
          options: [
            ...words.map((label) => ({ label, type: 'keyword' })),
            ...[...new Set(nodes)].map((label) => ({ label, type: 'variable' })),
          ],
          validFor: /^[\w?]*$/,
        };
      },
    ],
  });
}

/** Every key that the schema knows, each once. */
export function wordsOf(schema: unknown, found = new Set<string>()): string[] {
  if (Array.isArray(schema)) schema.forEach((part) => wordsOf(part, found));
  else if (typeof schema === 'object' && schema !== null) {
    for (const [name, part] of Object.entries(schema as Record<string, unknown>)) {
      if (name === 'properties' && typeof part === 'object' && part !== null) {
        Object.keys(part).forEach((key) => found.add(key));
      }
      wordsOf(part, found);
    }
  }
  return [...found].sort();
}

export function saveKey(save: () => void): Extension {
  return keymap.of([
    {
      key: 'Mod-s',
      run: () => {
        save();
        return true;
      },
    },
  ]);
}

/** Puts the checker's messages at their lines; those of the whole file stand in the first. */
export function showErrors(view: EditorView, errors: readonly FlowError[]): void {
  const lines = view.state.doc.lines;
  const marks = errors.map((error): Diagnostic => {
    const line = view.state.doc.line(Math.min(Math.max(1, error.line), lines));
    const from = Math.min(line.from + Math.max(0, error.column - 1), line.to);
    const message = error.hint === '' ? error.message : `${error.message} (${error.hint})`;
    return { from, to: line.to > from ? line.to : from, severity: 'error', message };
  });
  view.dispatch(setDiagnostics(view.state, marks));
}

export function goToLine(view: EditorView, line: number): void {
  const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines)).from;
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
}

export const gutter: Extension = lintGutter();
