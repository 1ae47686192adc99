/*
 * Preloaded into the server by the crash suite. While the file named by FAULT_FAIL exists, fdatasync
 * and fsync fail with EIO; while the file named by FAULT_SKIP exists, they do nothing and report
 * success, as a disk without a sync would.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int armed(const char *variable) {
    const char *file = getenv(variable);
    return file != NULL && access(file, F_OK) == 0;
}

static int faulty(int fd, long call) {
    int saved = errno;
    if (armed("FAULT_FAIL")) {
        errno = EIO;
        return -1;
    }
    if (armed("FAULT_SKIP")) {
        errno = saved;
        return 0;
    }
    errno = saved;
    return (int) syscall(call, fd);
}

int fdatasync(int fd) {
    return faulty(fd, SYS_fdatasync);
}

int fsync(int fd) {
    return faulty(fd, SYS_fsync);
}
