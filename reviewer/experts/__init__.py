"""Seven experts: the checks that need Python, one small file each."""
