/** `struct fs_struct`: root, working directory and umask, shared under CLONE_FS. */
export class FsStruct {
  users = 1;
  umask = 0o022;
  cwd = "/";
  root = "/";

  /** A copy of its own for a child made without CLONE_FS. */
  copy(): FsStruct {
    const fs = new FsStruct();
    fs.umask = this.umask;
    fs.cwd = this.cwd;
    fs.root = this.root;
    return fs;
  }
}
