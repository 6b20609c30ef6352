# The small kernel: made from Debian's kernel sources and kernel-minimal.config, kept in $cache under a name that says what it was made of.
# Sourced by vm/build.

kernel_minimal() { # kernel_minimal IMAGE: builds it unless it is in the cache, and copies the bzImage to IMAGE
    need bc:bc bison:bison flex:flex gcc:gcc make:make xz:xz-utils /usr/include/libelf.h:libelf-dev /usr/include/openssl/ssl.h:libssl-dev
    need "/usr/src/$kernel_source.tar.xz:$kernel_source"
    local config=$here/kernel-minimal.config key built
    key=$( (cat "$config"; dpkg-query --show "$kernel_source" gcc binutils; gcc -dumpfullversion) | sha256sum | head -c 20)
    built=$cache/kernel-minimal-$key
    [ -f "$built" ] || kernel_minimal_make "$config" "$cache/work-$key" "$built"
    cp "$built" "$1"
}

# A build that was interrupted goes on where it was.
kernel_minimal_make() { # kernel_minimal_make CONFIG WORK BUILT
    local config=$1 work=$2 built=$3
    say "building the minimal kernel; this takes some 20 minutes, once"
    mkdir -p "$work"
    if [ ! -f "$work/.configured" ]; then
        tar -C "$work" -xf "/usr/src/$kernel_source.tar.xz"
        make_kernel "$work" tinyconfig
        (cd "$work/$kernel_source" && scripts/kconfig/merge_config.sh -m .config "$config" && make -s ARCH=x86_64 olddefconfig) >>"$work/log" 2>&1
        kernel_minimal_check "$config" "$work/$kernel_source/.config"
        touch "$work/.configured"
    fi
    make_kernel "$work" -j"$(nproc)" bzImage
    cp "$work/$kernel_source/arch/x86/boot/bzImage" "$built.new"
    mv "$built.new" "$built"
    rm -r "$work"
}

make_kernel() { # make_kernel WORK TARGET...
    local work=$1; shift
    make -s -C "$work/$kernel_source" ARCH=x86_64 KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=pasteur KBUILD_BUILD_HOST=pasteur \
        KCFLAGS="-ffile-prefix-map=$work/=" "$@" >>"$work/log" 2>&1 || fail "the minimal kernel does not build: $(grep -m1 -iE 'error' "$work/log" || tail -1 "$work/log") (all of it: $work/log)"
}

# An option that was renamed, or lacks what it depends on, would be missing without a word.
kernel_minimal_check() { # kernel_minimal_check WANTED RESULT
    local line name lost=()
    while IFS= read -r line; do
        name=${line%%=*}
        case $line in
            CONFIG_*=n) ! grep -q "^$name=" "$2" ;;
            CONFIG_*) grep -qxF "$line" "$2" ;;
        esac || lost+=("$line")
    done <"$1"
    [ ${#lost[@]} = 0 ] || fail "kernel-minimal.config: without effect in $kernel_source: ${lost[*]}"
}
