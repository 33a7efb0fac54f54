/** Where a flow file stands: its name without .yaml, since an address with a dot means one of the pages' own files. */
export const flowAddress = (file: string): string => `/flows/${file.replace(/\.yaml$/, '')}`;
