namespace Pasteur.Boot;

/// <summary>
/// The system calls that a site makes once its machine is set up, by their numbers on x86-64 (syscalls(2)): those that strace saw under load, and
/// those that libc and the runtime fall back on. There is none to run a program, to mount, to trace, to load drivers or to change identity.
/// </summary>
internal static class SystemCalls
{
    public static IReadOnlyList<int> Allowed { get; } = [.. Files, .. Sockets, .. Memory, .. Threads, .. Rest];

    private static IEnumerable<int> Files =>
    [
        0, 1, 3, 4, 5, 6, 8, // read write close stat fstat lstat lseek
        16, 17, 18, 19, 20, 21, // ioctl pread64 pwrite64 readv writev access
        32, 33, 40, // dup dup2 sendfile
        72, 73, 74, 75, 76, 77, // fcntl flock fsync fdatasync truncate ftruncate
        79, 82, 83, 84, 86, 87, 89, 90, 91, 95, // getcwd rename mkdir rmdir link unlink readlink chmod fchmod umask
        137, 138, // statfs fstatfs
        217, 221, // getdents64 fadvise64
        257, 258, 262, 263, 264, 265, 267, 269, // openat mkdirat newfstatat unlinkat renameat linkat readlinkat faccessat
        277, 280, 285, 295, 296, // sync_file_range utimensat fallocate preadv pwritev
        306, 316, 326, 332, 439, // syncfs renameat2 copy_file_range statx faccessat2
    ];

    private static IEnumerable<int> Sockets =>
    [
        7, 271, // poll ppoll
        41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, // socket … getsockopt: all of them
        213, 232, 233, 281, 288, 290, 291, 292, 293, 299, 307, // epoll_create epoll_wait epoll_ctl epoll_pwait accept4 eventfd2 epoll_create1 dup3 pipe2 recvmmsg sendmmsg
    ];

    private static IEnumerable<int> Memory =>
    [
        9, 10, 11, 12, 25, 27, 28, // mmap mprotect munmap brk mremap mincore madvise
        149, 150, // mlock munlock
        237, 239, // mbind get_mempolicy
    ];

    private static IEnumerable<int> Threads =>
    [
        13, 14, 15, 131, // rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
        24, 35, 56, 60, 62, // sched_yield nanosleep clone exit kill
        157, 186, 202, 203, 204, // prctl gettid futex sched_setaffinity sched_getaffinity
        218, 231, 234, 273, // set_tid_address exit_group tgkill set_robust_list
        324, 334, 435, // membarrier rseq clone3
    ];

    private static IEnumerable<int> Rest =>
    [
        39, 63, 96, 97, 98, 99, 102, 104, 107, 108, // getpid uname gettimeofday getrlimit getrusage sysinfo getuid getgid geteuid getegid
        110, 141, 160, 162, 169, // getppid setpriority setrlimit sync reboot
        228, 229, 230, 302, 309, 318, // clock_gettime clock_getres clock_nanosleep prlimit64 getcpu getrandom
    ];
}
