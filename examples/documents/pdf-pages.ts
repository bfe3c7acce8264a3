/** The part of pdf-lib that executors need, from its build in one file: it loads in a fifth of the time. */
export { EncryptedPDFError, PDFDict, PDFDocument, PDFName } from 'pdf-lib/dist/pdf-lib.esm.min.js';
