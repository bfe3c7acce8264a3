import dag from './dag.json' with { type: 'json' };

/** The submission of the document pipeline without its document, as `dag.json` has it. */
export const documentDagTemplate = dag;

/**
 * The submission of the document pipeline for one PDF: the placeholder `{"input": "pdf"}` becomes the PDF's address.
 * @param pdfUri Address of the PDF as a blob.
 */
export function documentDag(pdfUri: string): Record<string, unknown> {
  const bound = JSON.stringify(dag, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'input' in value ? { uri: pdfUri } : value,
  );
  return JSON.parse(bound) as Record<string, unknown>;
}
