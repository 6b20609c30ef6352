# What the scripts of this folder share. Sourced.

say() { echo "vm: $*" >&2; }
fail() { echo "vm: $*" >&2; exit 1; }
refuse() { echo "vm: $*" >&2; exit 64; }

there() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;; esac; }

# In this network namespace, where /sys may show another.
is_link() { ip link show dev "$1" >/dev/null 2>&1; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# What must be there and the Debian package that brings it: a path stands for a file, a word for a command.
need() { # need WHAT:PACKAGE...
    local each missing=()
    for each; do there "${each%%:*}" || missing+=("${each##*:}"); done
    [ ${#missing[@]} = 0 ] && return
    say "installing ${missing[*]}"
    as_root apt-get -o DPkg::Lock::Timeout=300 update -qq >/dev/null 2>&1 || true
    as_root apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || true
    for each; do there "${each%%:*}" || fail "${each%%:*} is missing; install the package ${each##*:}"; done
}

# The kernel's command line; what is behind "--" is for the program. Of several consoles the program has the last that there is: Xen's is there on Xen
# alone, while a serial port is taken for one where there is none.
command_line() { # command_line OPTIONS...
    # ramfs: the other kind of root would hold no more than half of the memory, and a small machine needs more for the program.
    # panic: a kernel that finds too little memory for the program says so, and starts anew.
    local each words='console=ttyS0 console=hvc0 rootfstype=ramfs panic=5 quiet'
    [ $# = 0 ] || words+=' --'
    for each; do
        case $each in
            *'"'*) refuse "the kernel's command line has no way to write a double quote: $each" ;;
            *[[:space:]]*) words+=" \"$each\"" ;;
            *) words+=" $each" ;;
        esac
    done
    [ ${#words} -lt 2048 ] || refuse "the options are longer than the 2047 bytes that a kernel's command line holds; hand them over with vm/run --options FILE"
    printf %s "$words"
}
