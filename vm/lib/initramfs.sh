# The machine's whole file system: the program, authorities, drivers. Sourced by vm/build.

# The kernel unpacks it with a window of 2^22 bytes beside all that came out so far: with the usual one, 64 MB of memory were not enough.
readonly initramfs_window=22

initramfs() { # initramfs OUT PROGRAM MODULES
    local root=$work/root
    mkdir -p "$root"/{dev,proc,sys,tmp,run,data,sbin,etc/ssl/certs}
    install -m 755 "$2" "$root/init"
    install -m 644 "$work/authorities" "$root/etc/ssl/certs/ca-certificates.crt"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
    printf 'pasteur:x:1000:1000::/tmp:/\n' >"$root/etc/passwd"
    # The kernel runs it when the hypervisor wishes the machine to end.
    ln -s ../init "$root/sbin/poweroff"
    if [ -e "$3/order" ]; then mkdir -p "$root/lib" && cp -r "$3" "$root/lib/modules"; fi
    chmod -R u=rwX,go=rX "$root"
    find "$root" -exec touch -h -d @0 {} +
    {
        (cd "$root" && find . -print0 | sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet)
        # The runtime draws the seed of its hash tables here before anything is mounted.
        character_device dev/urandom 1 9
    } | zstd -q -19 --zstd=wlog=$initramfs_window >"$1"
}

# An archive with one device in it, which only root could make as a file (newc format: the kernel's initramfs-buffer-format.rst).
character_device() { # character_device NAME MAJOR MINOR
    archive_entry "$1" $((0020666)) "$2" "$3"
    archive_entry TRAILER!!! 0 0 0
}

archive_entry() { # archive_entry NAME MODE MAJOR MINOR
    printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' 0 "$2" 0 0 1 0 0 0 0 "$3" "$4" $((${#1} + 1)) 0 "$1"
    head -c $(((4 - (110 + ${#1} + 1) % 4) % 4)) /dev/zero
}
