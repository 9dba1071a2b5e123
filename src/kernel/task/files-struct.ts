/** An open file description: what descriptors point at. */
export interface OpenFile {
  /** Descriptors, over all tables, that point here. */
  refs: number;
  /** Called when the last descriptor is gone. */
  release?(): void;
}

/** `struct files_struct`: the descriptor table, shared under CLONE_FILES. */
export class FilesStruct {
  users = 1;
  /** Index = descriptor; null = free. */
  table: (OpenFile | null)[] = [];

  /** A copy of its own for a child made without CLONE_FILES; it points at the same open files. */
  copy(): FilesStruct {
    const files = new FilesStruct();
    files.table = this.table.slice();
    for (const file of this.table) if (file !== null) file.refs++;
    return files;
  }

  /** Closes every descriptor; called when the last user is gone. */
  close(): void {
    for (const file of this.table) if (file !== null && --file.refs === 0) file.release?.();
    this.table.length = 0;
  }
}
