# The machine that vm/run starts. Sourced; sets the array "arguments" from what the command line said.

check_arguments() {
    local each
    for each in "${forwards[@]}"; do
        is_port "${each%%:*}" && is_port "${each#*:}" || refuse "--forward \"$each\" is not a port; give a number from 1 to 65535, or two with a colon between"
    done
    [ ${#forwards[@]} = 0 ] || [ -z "$tap" ] || refuse '--forward and --tap contradict each other; give one of them'
    [ -z "$tap" ] || is_link "$tap" || refuse "--tap \"$tap\" is no network device here; vm/bridge makes one"
    [ -z "$uefi" ] || [ -z "$microvm" ] || refuse '--uefi and --microvm contradict each other; give one of them'
    [ -z "$handed_over" ] || [ -z "$microvm" ] || refuse '--options needs ACPI, which --microvm has not: the machine would not find them'
    [ -z "$handed_over" ] || [ -r "$handed_over" ] || refuse "--options \"$handed_over\" can't be read; give a file"
    [ -z "$uefi" ] || [ ${#options[@]} = 0 ] || { handed_over_words=$(command_line "${options[@]}"); handed_over_words=${handed_over_words#* -- }; }
    memory=${memory:-$(usual_memory)}
    [[ $memory =~ ^([0-9]+)([MG]?)$ ]] || refuse "--memory \"$memory\" is no size; give one such as 192M or 1G"
    memory_mb=${BASH_REMATCH[1]}
    [ "${BASH_REMATCH[2]}" != G ] || memory_mb=$((memory_mb * 1024))
    [ "$memory_mb" -ge $least_mb ] || refuse "--memory \"$memory\" is too little for a kernel and the program; give ${least_mb}M or more (192M for Debian's kernel)"
    local file
    for file in $([ -n "$uefi" ] && echo disk.img || echo kernel initramfs.zst); do
        [ -e "$out/$file" ] || refuse "$out/$file is missing; run vm/build first"
    done
}

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ && $1 -le 65535 ]]; }

usual_memory() { [ -n "$uefi" ] && echo 384M || echo 256M; }

prepare_disk() {
    [ -n "$disk" ] && [ ! -e "$disk" ] || return 0
    need mkfs.ext4:e2fsprogs
    truncate -s 2G "$disk"
    "$(command -v mkfs.ext4 || echo /usr/sbin/mkfs.ext4)" -q -L pasteur -E root_owner=1000:1000 "$disk"
    say "made the disk $disk"
}

# A machine inside of a machine may have the device and not what belongs to it: software emulation is slow, but works.
kvm_works() {
    [ -w /dev/kvm ] && (echo quit | timeout 10 qemu-system-x86_64 -accel kvm -cpu host -nodefaults -display none -m 32 -monitor stdio; exit $?) >/dev/null 2>&1
}

qemu_arguments() {
    # Software emulation stores the bytes of "rep stosb" one by one; without that feature, kernel and program fill memory in other ways.
    local bus=pci network accelerator='tcg' cpu='max,-erms'
    ! kvm_works || { accelerator=kvm cpu=host; }
    [ -z "$microvm" ] || bus=device
    arguments=(-accel "$accelerator" -cpu "$cpu" -m "$memory_mb" -smp 1 -nodefaults -no-user-config -display none
        -chardev stdio,id=console -serial chardev:console
        -chardev "pipe,id=monitor,path=$state/monitor" -mon chardev=monitor,mode=readline)
    power_off_command=system_powerdown
    if [ -n "$microvm" ]; then
        # Without ACPI there is neither power button nor power off: keys say it, and the machine answers with a restart.
        power_off_command='sendkey ctrl-alt-delete'
        # A keyboard is of virtio 1 alone, which these devices speak only when they are told so.
        arguments+=(-M microvm,acpi=off,pic=on,pit=on,rtc=on,isa-serial=on,auto-kernel-cmdline=off -global virtio-mmio.force-legacy=false -no-reboot)
    else
        arguments+=(-M q35)
    fi
    if [ -n "$tap" ]; then network="tap,id=net,ifname=$tap,script=no,downscript=no"
    else network="user,id=net$(forwarded)"; fi
    arguments+=(-netdev "$network" -device "virtio-net-$bus,netdev=net$([ -n "$microvm" ] || echo ,romfile=)")
    arguments+=(-object rng-random,id=random,filename=/dev/urandom -device "virtio-rng-$bus,rng=random")
    [ -z "$microvm" ] || arguments+=(-device virtio-keyboard-device)
    boot_arguments
    [ -z "$handed_over" ] || arguments+=(-fw_cfg "name=opt/pasteur/options,file=$handed_over")
    [ -z "$disk" ] || arguments+=(-drive "file=$disk,if=none,id=data,format=raw,cache=none" -device "virtio-blk-$bus,drive=data")
    arguments+=("${more[@]}")
}

forwarded() {
    local each inside
    for each in "${forwards[@]}"; do
        case $each in *:*) inside=${each#*:} ;; *) inside=$(site_port) ;; esac
        printf ',hostfwd=tcp:127.0.0.1:%s-:%s' "${each%%:*}" "$inside"
    done
}

boot_arguments() {
    if [ -n "$uefi" ]; then
        need /usr/share/ovmf/OVMF.fd:ovmf
        if [ -n "${handed_over_words:-}" ]; then
            { [ -z "$handed_over" ] || cat "$handed_over"; printf '\n%s\n' "$handed_over_words"; } >"$state/options"
            handed_over=$state/options
        fi
        arguments+=(-bios /usr/share/ovmf/OVMF.fd -drive "file=$out/disk.img,if=none,id=boot,format=raw,readonly=on" -device virtio-blk-pci,drive=boot,bootindex=0)
        return
    fi
    local words
    words=$(command_line "${options[@]}")
    # Without ACPI, a microvm's devices are told on the command line: where QEMU puts the last ones first.
    [ -z "$microvm" ] || words="virtio_mmio.device=512@0xfeb00e00:12 virtio_mmio.device=512@0xfeb00c00:11 virtio_mmio.device=512@0xfeb00a00:10 virtio_mmio.device=512@0xfeb00800:9 reboot=t $words"
    arguments+=(-kernel "$out/kernel" -initrd "$out/initramfs.zst" -append "$words")
}

# The value of one of the site's options, as they were given. The last counts.
option() { # option DEFAULT NAME...
    local each name next='' value=$1; shift
    for each in "${options[@]}"; do
        [ -z "$next" ] || { value=$each next=''; continue; }
        for name; do
            case $each in
                "$name") next=1 ;;
                "$name="* | "$name:"*) value=${each#"$name"?} ;;
                "$name"[0-9]*) value=${each#"$name"} ;;
            esac
        done
    done
    echo "$value"
}

is_https() {
    local each
    for each in "${options[@]}"; do case $each in --https | --https=true | --cert-file | --cert-file=*) return 0 ;; esac; done
    return 1
}

site_port() { option "$(is_https && echo 443 || echo 4343)" --port -p; }

# Where this host finds the site; empty when only the machine's DHCP server knows.
site_url() {
    local scheme=http host=127.0.0.1 port='' each
    ! is_https || scheme=https
    for each in "${forwards[@]}"; do
        case $each in *:*) [ "${each#*:}" = "$(site_port)" ] || continue ;; esac
        port=${each%%:*}
        break
    done
    if [ -n "$tap" ]; then
        host=$(option '' --ipv4) port=$(site_port)
        case $host in [0-9]*/*) host=${host%/*} ;; *) return 0 ;; esac
    fi
    [ -z "$port" ] || echo "$scheme://$host:$port/"
}

announce() { # announce MACHINE URL: says where the site is once it answers
    while kill -0 "$1" 2>/dev/null; do
        if curl -fsSk --noproxy '*' -m 2 -o /dev/null "$2healthz" 2>/dev/null; then
            say "the site answers at $2"
            return
        fi
        sleep 0.2
    done
}
